// SPDX-License-Identifier: BSD-3-Clause
//
// The part of the tool that draws which thread ran when.

import Runner

CommandLineTool([TraceCommand.self]).main()
