// Command golang plays both sides of a warm handover on a running platform, each as a
// system of its own, with pkg/client:
//
//	GOWORK=off go run . DATA    (DATA is the folder of "stafett up --data DATA")
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/sealing"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
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
	from, err := connect(ctx, data, "snakkommobbing")
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := connect(ctx, data, "alarmtelefonen")
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
	keys *sealing.System
	line string
}

// connect calls the platform as a line, with the certificate that "stafett up" made, and publishes the
// line's keys, which are kept beside that.
func connect(ctx context.Context, data, line string) (system, error) {
	at, err := client.ReadAddresses(data)
	if err != nil {
		return system{}, err
	}
	identity := filepath.Join(data, "identity")
	own := filepath.Join(identity, "line", line)
	files := client.Credentials{CA: filepath.Join(identity, "ca.pem"), Cert: own + ".pem", Key: own + ".key"}
	platform, err := client.Connect(at, files)
	if err != nil {
		return system{}, err
	}
	keys, err := sealing.Load(platform, files, time.Now)
	if err != nil {
		return system{}, err
	}
	return system{platform, keys, line}, publish(ctx, keys)
}

// publish revokes what another program has published in the line's name: the example in examples/node
// keeps keys of its own.
func publish(ctx context.Context, keys *sealing.System) error {
	err := keys.Publish(ctx)
	if errors.Is(err, sealing.ErrForeignKey) {
		err = keys.StartOver(ctx, handoverv1.KeyRevocation_KEY_REVOCATION_LOST)
	}
	return err
}

func (s system) tell(what, text string) { fmt.Printf("%-16s %s: %s\n", s.line, what, text) }
