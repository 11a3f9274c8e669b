// Package executor serves the RPCs of the protocol's commands: one handler for every row of
// the catalogue.
package executor

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/rpc"
)

// Executor executes the commands of one service.
type Executor struct {
	Conversations *conversations.Repository
	// Check refuses a request for what it names, before anything is done. Nil: none is refused.
	Check func(ctx context.Context, request rpc.Command) error
	// Directory reads the lines for a command on a conversation, again for each attempt. May be
	// nil if no command of the service uses it.
	Directory func(conversation string) (handover.Directory, error)
	// ConversationOf finds the conversation of a consultation, whose name does not tell it. May be nil if no
	// command of the service names one.
	ConversationOf func(ctx context.Context, consultation string) (conversation string, err error)
	// Staff reads the keys of a line's people as they are in the log, again for each attempt. May be nil if
	// no command of the service is signed by two persons.
	Staff func(ctx context.Context, line string) (handover.Staff, error)
}

// Supply adds to a command's origin what its service works out. The function that it returns
// stores what the command needs: after the command was decided, so that a refused one leaves
// nothing behind, and before it is in the log. Nil if nothing is stored.
type Supply func(*decide.Origin) (store func() error, err error)

// Do executes the command of a request and returns once it is in the log.
func (e *Executor) Do(ctx context.Context, request rpc.Command) (*handoverv1.Recorded, error) {
	return e.DoWith(ctx, request, nothing)
}

// nothing is the Supply of a command that needs no more than its request and the directory.
func nothing(*decide.Origin) (store func() error, err error) { return nil, nil }

// DoWith is Do for a command that needs more than its request and the directory.
func (e *Executor) DoWith(ctx context.Context, request rpc.Command, supply Supply) (*handoverv1.Recorded, error) {
	return e.do(ctx, command.DefinitionOf(request), request, supply)
}

func (e *Executor) do(ctx context.Context, d *command.Definition, request rpc.Command, supply Supply) (*handoverv1.Recorded, error) {
	if err := e.check(ctx, request); err != nil {
		return nil, err
	}
	call, origin, err := e.begin(ctx, d, request)
	if err != nil {
		return nil, err
	}
	store, err := supply(&origin)
	if err != nil {
		return nil, err
	}
	return e.Conversations.DoStoring(ctx, call, store, func() (decide.Command, error) {
		lines, err := e.lines(ctx, d, origin)
		if err != nil {
			return nil, err
		}
		return d.Command(origin, lines, request), nil
	})
}

func (e *Executor) check(ctx context.Context, request rpc.Command) error {
	if e.Check == nil {
		return nil
	}
	return e.Check(ctx, request)
}

func (e *Executor) lines(ctx context.Context, d *command.Definition, o decide.Origin) (all handover.Directory, err error) {
	if d.UsesDirectory {
		all, err = e.Directory(o.At.Conversation)
	}
	if err == nil && d.UsesStaff {
		all.Staff, err = e.Staff(ctx, o.Line)
	}
	return all, err
}

// begin says who calls, and about what. A request that names nothing opens a conversation.
func (e *Executor) begin(ctx context.Context, d *command.Definition, request rpc.Command) (call aggregate.Call, o decide.Origin, err error) {
	if name := d.Target(request); name != "" {
		if o.At, err = e.find(ctx, name); err != nil {
			return call, o, err
		}
	}
	if call, err = rpc.Call(ctx, o.At.Conversation, request); err != nil {
		return call, o, err
	}
	if call.Target == "" {
		call.Target = opened(call)
		o.At.Conversation = call.Target
	}
	o.Line, o.RequestID = rpc.Caller(ctx).ID, call.RequestID
	return call, o, nil
}

// find parses a name, and finds the conversation of a consultation.
func (e *Executor) find(ctx context.Context, name string) (handover.ResourceName, error) {
	at, err := rpc.ParseName(name)
	if err == nil && at.Consultation != "" {
		at.Conversation, err = e.ConversationOf(ctx, name)
	}
	return at, err
}

// opened derives a conversation's id from the caller and the request id, so that a repeated
// request finds the same conversation.
func opened(call aggregate.Call) string {
	id := sha256.Sum256(append([]byte(call.Caller+"\x00"), call.RequestID...))
	return hex.EncodeToString(id[:16])
}
