import Boot
import Console
print("ch2")
