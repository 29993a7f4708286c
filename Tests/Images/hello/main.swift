// SPDX-License-Identifier: BSD-3-Clause
//
// The smallest program: its size is measured, and that it carries nothing it
// does not use.

import Boot
import Console

print("Hello, world")
