"""What services say to each other: event structs and internal request and response structs.

No logic lives here, and no service imports another: they meet through these types.
"""
