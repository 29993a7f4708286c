// SPDX-License-Identifier: BSD-3-Clause
//
// The part of the tool that shows address spaces.

import Runner

CommandLineTool([InspectCommand.self]).main()
