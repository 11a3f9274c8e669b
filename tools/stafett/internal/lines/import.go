package lines

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/directory/hsds"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// importing is what the command line says.
type importing struct {
	from, to, channel, topics string
	given                     hsds.Given
}

func importCommand() *cobra.Command {
	var i importing
	command := &cobra.Command{
		Use:   "import",
		Short: "Make a file of lines from HSDS",
		Long: `Makes a file of lines from JSON in the Human Services Data Specification (Open Referral, HSDS 3): a
service, an array of services, a page of a feed, or an organization with its services.

Nothing is guessed. For each service it says whether it was imported, what HSDS lacks and must be
written by hand, and what was left out and why. "stafett lines check" refuses the file until all that
is missing is there.`,
		Example: "  stafett lines import --hsds services.json --language nb --country NO -o lines.yaml",
		Args:    cli.Exactly(0),
		RunE:    func(command *cobra.Command, _ []string) error { return i.run(command) },
	}
	flags := command.Flags()
	flags.StringVar(&i.from, "hsds", "", "JSON `file` of HSDS 3")
	flags.StringVarP(&i.to, "output", "o", "", "`file` to write; default: standard output")
	flags.StringVar(&i.given.Language, "language", "", "`language` of the services' names")
	flags.StringVar(&i.given.Country, "country", "", "`country` of all lines, for example NO")
	flags.StringVar(&i.given.TimeZone, "zone", "", "time `zone` of services that name none, for example Europe/Oslo")
	flags.StringVar(&i.channel, "channel", "", "`channel` of schedules that name none")
	topicsFlag(command, &i.topics)
	return command
}

func (i *importing) run(command *cobra.Command) error {
	if err := cli.Given("hsds", i.from, "services.json"); err != nil {
		return err
	}
	done, err := i.read()
	if err != nil {
		return err
	}
	report := command.ErrOrStderr()
	if i.to != "" {
		report = command.OutOrStdout()
	}
	tell(report, done)
	if done.File == nil {
		return errors.New("no line was imported, so no file was written")
	}
	return cli.Save(command.OutOrStdout(), i.to, done.File)
}

func (i *importing) read() (done hsds.Import, err error) {
	if i.channel != "" {
		channels, err := cli.ReadChannels([]string{i.channel})
		if err != nil {
			return done, err
		}
		i.given.Channel = channels[0]
	}
	topics, err := cli.ReadTopics(i.topics)
	if err != nil {
		return done, cli.Mistaken(err)
	}
	text, err := cli.LoadAtMost(i.from, mostHSDSBytes)
	if err != nil {
		return done, err
	}
	return hsds.Lines(i.from, text, i.given, topics)
}

// mostHSDSBytes is as much as a file of lines may have.
const mostHSDSBytes = 16 << 20

// tell says what became of each service.
func tell(out io.Writer, done hsds.Import) {
	imported := 0
	for _, o := range done.Services {
		if o.Line == "" {
			fmt.Fprintf(out, "%s %q: not imported: %s\n", o.ID, o.Name, o.Why)
			continue
		}
		imported++
		fmt.Fprintf(out, "%s %q: imported as %s\n", o.ID, o.Name, o.Line)
		list(out, "missing", o.Missing)
		list(out, "left out", o.LeftOut)
	}
	fmt.Fprintf(out, "%d of %s imported; HSDS never says %s\n", imported, cli.Plural(len(done.Services), "service"), hsds.NeverSaid)
	if done.Pages > 1 {
		fmt.Fprintf(out, "this is page %d of %d; import the others as well\n", done.Page, done.Pages)
	}
}

func list(out io.Writer, what string, texts []string) {
	for _, text := range texts {
		fmt.Fprintf(out, "  %s: %s\n", what, text)
	}
}
