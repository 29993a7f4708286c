import Boot
import Console
print("Hello from Swift on hart \(Int(3))")
