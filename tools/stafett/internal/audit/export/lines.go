package export

import (
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	"github.com/stafett/stafett/pkg/event"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
)

// lines writes one JSON value per line.
type lines struct {
	encoder *json.Encoder
	of      func(*auditv1.StoredCommit) (any, error)
	count   int
}

func newJSONL(out io.Writer) *lines { return newLines(out, apiJSON) }

func newCloudEvents(out io.Writer) *lines { return newLines(out, cloudEvent) }

func newLines(out io.Writer, of func(*auditv1.StoredCommit) (any, error)) *lines {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return &lines{encoder: encoder, of: of}
}

func (l *lines) write(stored *auditv1.StoredCommit) error {
	value, err := l.of(stored)
	if err != nil {
		return err
	}
	l.count++
	return l.encoder.Encode(value)
}

func (l *lines) rows() int  { return l.count }
func (*lines) close() error { return nil }

// apiJSON is a StoredCommit in the API's own JSON.
func apiJSON(stored *auditv1.StoredCommit) (any, error) {
	text, err := protojson.Marshal(stored)
	return json.RawMessage(text), err
}

// cloudEvent is a commit as a CloudEvent 1.0 in JSON, with the payload exactly as in the
// log, so that anybody can hash it.
func cloudEvent(stored *auditv1.StoredCommit) (any, error) {
	a := stored.Commit
	return struct {
		SpecVersion     string `json:"specversion"`
		ID              string `json:"id"`
		Type            string `json:"type"`
		Source          string `json:"source"`
		Subject         string `json:"subject"`
		Time            string `json:"time"`
		DataContentType string `json:"datacontenttype"`
		Position        uint64 `json:"stafettposition,string"`
		Events          string `json:"stafettevents"`
		PayloadHash     string `json:"stafettpayloadhash"`
		Data            []byte `json:"data_base64"`
	}{
		"1.0", a.Id, "org.stafett.append.v1", "/services/" + a.Service, a.Subject, a.RecordTime.AsTime().Format(time.RFC3339Nano),
		"application/protobuf", stored.Position, strings.Join(event.Names(a.Events), ","), hex.EncodeToString(stored.PayloadHash), stored.Payload,
	}, nil
}
