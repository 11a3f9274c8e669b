package recovery

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/verify"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/signing"
	"github.com/stafett/stafett/services/platform"
)

// write makes the new streams in the copy: what is kept, then the event.
func (r *Recovery) write(ctx context.Context, now time.Time) error {
	js, err := jetstream.New(r.server.nc)
	if err != nil {
		return err
	}
	js.DeleteStream(ctx, eventlog.IntegrityName) // if there is one
	if err := r.rewrite(ctx, js, r.history, eventlog.RecoveredConfig()); err != nil {
		return err
	}
	if r.accesses != nil {
		if err := r.rewrite(ctx, js, r.accesses, eventlog.AccessConfig()); err != nil {
			return err
		}
	}
	message, err := r.committed(now)
	if err != nil {
		return err
	}
	_, err = js.PublishMsg(ctx, message)
	return err
}

// rewrite makes a stream again with what is kept of it.
func (r *Recovery) rewrite(ctx context.Context, js jetstream.JetStream, e *earlier, config jetstream.StreamConfig) error {
	if err := js.DeleteStream(ctx, config.Name); err != nil {
		return err
	}
	if err := r.server.create(ctx, config); err != nil {
		return err
	}
	if err := r.writeKept(ctx, e); err != nil {
		return err
	}
	return e.compareKept(ctx)
}

// compareKept makes sure that the new stream begins byte for byte as the earlier one.
func (e *earlier) compareKept(ctx context.Context) error {
	var written verify.Frontier
	err := e.stream.Read(ctx, 1, e.same.Size(), func(_ int64, m verify.Message) error {
		written.Append(m.Leaf())
		return nil
	})
	if err == nil && written.Root() != e.same.Root() {
		return fmt.Errorf("the new log's first %d commits are not byte for byte those of the earlier one", e.same.Size())
	}
	return err
}

// committed is the event as a message, signed by the service that moves custody: it is the one
// that goes on from what is left.
func (r *Recovery) committed(now time.Time) (*nats.Msg, error) {
	key, err := signing.OpenKey(filepath.Join(r.work, "signing"), "routing")
	if err != nil {
		return nil, err
	}
	uri, err := identity.OwnURI(identity.FilesIn(platform.IdentityFolder(r.work), identity.Service, "routing"))
	if err != nil {
		return nil, err
	}
	if now.Before(r.KeptTime) {
		now = r.KeptTime
	}
	a := &eventv1.Commit{
		Id: uuid.NewString(), Subject: eventlog.LogSubject, Service: "routing", RecordTime: timestamppb.New(now),
		Caller: uri, Command: "Recover", Number: 1, Events: []*eventv1.Event{event.Of(r.Event)},
	}
	for _, one := range r.history.kept {
		if one.Subject == eventlog.LogSubject {
			a.Number, a.PreviousHash = a.Number+1, one.hash[:]
		}
	}
	payload, err := proto.Marshal(a)
	if err != nil {
		return nil, err
	}
	return eventlog.Signed(r.keyring, key, a, payload), nil
}
