// Command golang plays both sides of a warm handover on a running platform, each as a
// system of its own, with pkg/client:
//
//	GOWORK=off go run . DATA    (DATA is the folder of "stafett up --data DATA")
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/seal"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: golang DATA")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := play(ctx, os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func play(ctx context.Context, data string) error {
	from, err := connect(data, "snakkommobbing")
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := connect(data, "alarmtelefonen")
	if err != nil {
		return err
	}
	defer to.Close()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return (&receiver{system: to}).run(ctx) })
	group.Go(func() error { return (&sender{system: from}).run(ctx, "lines/alarmtelefonen") })
	return group.Wait()
}

// system is a line's own system.
type system struct {
	*client.Platform
	line string
}

// connect calls the platform as a line, with the certificate that "stafett up" made.
func connect(data, line string) (system, error) {
	at, err := client.ReadAddresses(data)
	if err != nil {
		return system{}, err
	}
	identity := filepath.Join(data, "identity")
	own := filepath.Join(identity, "line", line)
	platform, err := client.Connect(at, client.Credentials{CA: filepath.Join(identity, "ca.pem"), Cert: own + ".pem", Key: own + ".key"})
	return system{platform, line}, err
}

func (s system) tell(what, text string) { fmt.Printf("%-16s %s: %s\n", s.line, what, text) }

// words is the content key of both lines, which play in one process here.
var words = seal.NewContentKey()

func place(conversation string) seal.Place {
	return seal.Place{Domain: "stafett.example", Conversation: conversation, Kind: sealv1.Kind_KIND_BRIDGE, Item: "words"}
}

func sealed(conversation, text string) []byte {
	blob, err := words.Seal(place(conversation), []byte(text))
	if err != nil {
		panic(err)
	}
	return blob
}

func opened(conversation string, blob []byte) string {
	text, err := words.Open(place(conversation), blob)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
