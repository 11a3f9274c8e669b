// Command corpus writes out the commits of conversations as a platform stored them, for
// the tests that check that old histories still produce the same states:
//
//	stafett play violence --keep DATA
//	go run ./tools/corpus -data DATA -into pkg/handover/testdata/history -name 1-violence
//	go test ./pkg/handover/evolve -run TestOldHistories -update
//
// The files in that folder were recorded by the program of their day and never change: new
// histories are added next to them.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/stafett/stafett/pkg/client"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/internal/replay"
)

func main() {
	data := flag.String("data", "", "`folder` of a platform that is not running")
	into := flag.String("into", "", "`folder` to write to")
	name := flag.String("name", "", "`name` of the file")
	flag.Parse()
	appends, err := read(context.Background(), *data)
	if err == nil {
		err = write(filepath.Join(*into, *name+".jsonl"), appends)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

func read(ctx context.Context, data string) ([]*auditv1.StoredCommit, error) {
	p, err := platform.Up(ctx, platform.Config{Data: data})
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	stopped := make(chan error, 1)
	go func() { stopped <- p.Run(ctx) }()
	defer func() { stop(); <-stopped }()
	auditor, err := client.Connect(p.Addresses(), platform.Credentials(platform.IdentityFolder(data), "auditor", "auditor"))
	if err != nil {
		return nil, err
	}
	defer auditor.Close()
	return replay.All(ctx, auditor.Audit, &auditv1.ReplayCommitsRequest{WithPayload: true, Purpose: replay.Exercise()})
}

type stored struct {
	Position uint64 `json:"position"`
	Payload  []byte `json:"payload"`
}

func write(path string, appends []*auditv1.StoredCommit) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	for _, a := range appends {
		if !strings.HasPrefix(a.Commit.Subject, "stafett.conversation.") {
			continue
		}
		if err := replay.Genuine(a); err != nil {
			return err
		}
		if err := json.NewEncoder(file).Encode(stored{a.Position, a.Payload}); err != nil {
			return err
		}
	}
	return file.Close()
}
