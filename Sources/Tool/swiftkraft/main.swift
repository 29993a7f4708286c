// SPDX-License-Identifier: BSD-3-Clause
//
// The tool behind the Makefile: `swiftkraft COMMAND …`. It builds and boots
// images, and hands every other command to the program that performs it.

import Runner

CommandLineTool([
  RunCommand.self,
  ExpectCommand.self,
  DebugCommand.self,
  BuildCommand.self,
  NewCommand.self,
  DiskCommand.self,
  DoctorCommand.self,
  ChaptersCommand.self,
  TableCommand.self,
  QEMUCommand.self,
]).main()
