package rawlog

// What tests call by itself.
var (
	Bulk   = (*Stream).bulk
	Single = (*Stream).single
)
