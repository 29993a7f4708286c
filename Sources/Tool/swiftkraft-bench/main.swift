// SPDX-License-Identifier: BSD-3-Clause
//
// The part of the tool that measures what the kernel costs.

import Runner

CommandLineTool([BenchCommand.self]).main()
