package faults

import "context"

// Fault is a kind of damage.
type Fault struct {
	Name string
	// Notices: somebody must be told of it.
	Notices bool
	// Person is what a person must do.
	Person string
	run    func(context.Context, *Trial) error
}

// All are the faults, in the order in which they are tried.
var All = []Fault{
	{"kill", false, "nothing; start the process again", kill},
	{"stop", false, "nothing", stop},
	{"cut", true, "restore a complete copy of the log", cut},
	{"flip", true, "restore a complete copy of the log", flip},
	{"rollback", true, "stafett recover", rollback},
	{"rollback-all", true, "stafett recover --checkpoint, with one kept elsewhere", rollbackAll},
	{"fill", true, "free space", fill},
	{"fill-log", true, "free space, restart the nats-server", fillLog},
	{"io-errors", true, "nothing, once the disk works again", ioErrors},
	{"read-only", true, "mend the disk, start the platform again", readOnly},
	{"unlink", true, "put back a copy of the log, stafett recover", unlink},
	{"flood", true, "nothing", flood},
	{"clock", false, "nothing", setClock},
}

// Run tries a fault once.
func (f Fault) Run(ctx context.Context, t *Trial) error {
	defer t.end()
	return f.run(ctx, t)
}
