package rpc

import "time"

// What the tests look at from outside.
var (
	ToStatus   = toStatus
	StopWithin = stopWithin
	Validate   = validate
)

// At makes a server tell the time by another clock.
func At(s *Server, now func() time.Time) { s.now = now }
