package server

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/desk"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// DeskCommand runs the desk of one line.
func DeskCommand(wall func() time.Time) *cobra.Command {
	config := desk.Config{Now: wall}
	var data, level string
	command := &cobra.Command{
		Use:   "desk",
		Short: "Run the desk of one line: pages for its staff and for young people",
		Long: `Serves the pages of one helpline, with the line's own certificate and keys. What it
keeps is sealed with the line's storage key. Sign-in is built in and asks for no
password, so the desk listens on loopback alone.`,
		Example: "  stafett desk --line alarmtelefonen --data ./stafett-data",
		Args:    cli.Exactly(0),
		RunE: func(command *cobra.Command, _ []string) (err error) {
			if config.Line == "" {
				return cli.Usagef("--line is missing: name the line, for example --line alarmtelefonen")
			}
			if config.Addresses, err = client.ReadAddresses(data); err != nil {
				return err
			}
			if config.Logger, err = logger(level); err != nil {
				return err
			}
			config.Data = deskFolder(data)
			config.Credentials = platform.Credentials(platform.IdentityFolder(data), "line", config.Line)
			opened, err := desk.Open(config)
			if err != nil {
				return err
			}
			fmt.Fprintf(command.OutOrStdout(), "desk of %s: %s\nyoung people: %s/chat\n", config.Line, opened.URL(), opened.URL())
			return opened.Run(command.Context())
		},
	}
	flags := command.Flags()
	flags.StringVar(&config.Line, "line", "", "`id` of the line")
	flags.StringVar(&data, "data", "stafett-data", "data `folder` of the platform, with the line's certificate")
	flags.StringVar(&config.Listen, "listen", "127.0.0.1:0", "loopback `address` to serve on")
	flags.StringVar(&level, "log-level", "info", "debug, info, warn or error")
	return command
}

func deskFolder(data string) string { return filepath.Join(data, "desks") }

// openDesks opens a desk for each line that "up" knows. Port 0: any free ports.
func openDesks(config platform.Config, at client.Addresses, port int) (*desk.Evening, error) {
	address := func(n int) string {
		if port == 0 {
			n = 0
		}
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(port+n))
	}
	names := map[string]string{}
	var configs []desk.Config
	for i, line := range config.Lines {
		id := filepath.Base(line.Name)
		names[id] = line.DisplayNames["nb"]
		configs = append(configs, desk.Config{
			Line: id, Data: deskFolder(config.Data), Addresses: at, Credentials: platform.Credentials(platform.IdentityFolder(config.Data), "line", id),
			Listen: address(1 + i), Now: config.Wall, Logger: config.Logger,
		})
	}
	return desk.OpenEvening(address(0), names, configs...)
}

// runBoth runs the platform and its desks, until the context ends or the platform fails.
func runBoth(ctx context.Context, p *platform.Platform, desks *desk.Evening, log *slog.Logger) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		desks.Run(ctx, log)
	}()
	err := p.Run(ctx)
	cancel()
	<-stopped
	return err
}
