// SPDX-License-Identifier: BSD-3-Clause
//
// The part of the tool that writes the course for others: as branches, and
// for a class.

import Runner

CommandLineTool([
  BranchesCommand.self,
  HandoutCommand.self,
  ClassroomCommand.self,
]).main()
