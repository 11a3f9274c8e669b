package rpc

// What the tests look at from outside.
var (
	ToStatus   = toStatus
	StopWithin = stopWithin
	Validate   = validate
)
