// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose: reboots for ever.

import Boot
import Console
import SBI

print("rebooting")
try? SBI.reset(.coldReboot, reason: .none)
panic("the firmware did not reboot")
