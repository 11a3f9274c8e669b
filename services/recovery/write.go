package recovery

import (
	"bytes"
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
	"github.com/stafett/stafett/services/rawlog"
)

// write makes the new stream in the copy: what is kept, then the event.
func (r *Recovery) write(ctx context.Context, now time.Time) error {
	js, err := jetstream.New(r.server.nc)
	if err != nil {
		return err
	}
	if err := r.recreate(ctx, js); err != nil {
		return err
	}
	if err := r.writeKept(ctx); err != nil {
		return err
	}
	message, err := r.committed(now)
	if err != nil {
		return err
	}
	if _, err := js.PublishMsg(ctx, message); err != nil {
		return err
	}
	return r.complete(ctx)
}

// recreate deletes the streams of the history and of its integrity status, and creates the first
// again. The server removes the old files beside its answer, and refuses new ones until then.
func (r *Recovery) recreate(ctx context.Context, js jetstream.JetStream) error {
	js.DeleteStream(ctx, eventlog.IntegrityName) // if there is one
	if err := js.DeleteStream(ctx, eventlog.Name); err != nil {
		return err
	}
	for {
		_, err := js.CreateStream(ctx, eventlog.RecoveredConfig())
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// complete makes sure that the new log begins byte for byte as the earlier one.
func (r *Recovery) complete(ctx context.Context) error {
	var written verify.Frontier
	err := rawlog.New(r.server.nc, eventlog.Name).Read(ctx, 1, int64(r.Event.SameUntil), func(_ int64, m verify.Message) error {
		written.Append(m.Leaf())
		return nil
	})
	if root := written.Root(); err == nil && r.Event.SameUntil > 0 && !bytes.Equal(root[:], r.Event.SameRoot) {
		return fmt.Errorf("the new log's first %d commits are not byte for byte those of the earlier one", r.Event.SameUntil)
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
	for _, one := range r.kept {
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
