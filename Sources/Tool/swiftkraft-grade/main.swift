// SPDX-License-Identifier: BSD-3-Clause
//
// The part of the tool that grades exercises, and helps with them.

import Runner

CommandLineTool([
  GradeCommand.self,
  HintCommand.self,
  ResetCommand.self,
  SolutionCommand.self,
  WatchCommand.self,
]).main()
