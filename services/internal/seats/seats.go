// Package seats keeps in a service's projection which seats of a line are taken: reserved for an
// offer that is not sent yet, kept for one that is open, or filled by somebody who has come
// since the desks last reported. A line's own count of free seats is in its state: package lines.
package seats

import (
	"bytes"
	"encoding/binary"
	"time"

	"go.etcd.io/bbolt"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/projection"
)

// bucket has the taken seats of each line, by line and offer.
const bucket = "seats"

// Buckets are those that a projection needs for seats.
var Buckets = []string{bucket}

// stage is how far an offer that takes a seat has come.
type stage byte

const (
	aside   stage = iota // reserved; the offer is not sent yet
	live                 // the offer is open or accepted
	seated               // the counsellor has come, and the desks have not reported since
	ringing              // the offer is open, and its seat yields to a child in imminent danger
	owed                 // the next seat is for a handover that lost one, under the handover's name
)

// seat is a taken seat.
type seat struct {
	stage   stage
	channel handoverv1.Channel
	since   time.Time
	// preempts is the offer whose seat it is, while it is reserved. Empty: it was free.
	preempts string
}

// holds reports whether an offer that was sent has the seat.
func (s seat) holds() bool { return s.stage == live || s.stage == ringing }

func (s seat) encode() []byte {
	stored := binary.BigEndian.AppendUint64([]byte{byte(s.stage), byte(s.channel)}, uint64(s.since.UnixNano()))
	return append(stored, s.preempts...)
}

func decodeSeat(stored []byte) seat {
	return seat{
		stage: stage(stored[0]), channel: handoverv1.Channel(stored[1]),
		since:    time.Unix(0, int64(binary.BigEndian.Uint64(stored[2:]))),
		preempts: string(stored[10:]),
	}
}

func keyOf(line, offer string) []byte { return append(projection.Prefix(line), offer...) }

// seatsOf calls each for every taken seat of a line, with its offer.
func seatsOf(tx *bbolt.Tx, line string, each func(offer string, taken seat) error) error {
	prefix := projection.Prefix(line)
	cursor := tx.Bucket([]byte(bucket)).Cursor()
	for k, v := cursor.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = cursor.Next() {
		if err := each(string(k[len(prefix):]), decodeSeat(v)); err != nil {
			return err
		}
	}
	return nil
}
