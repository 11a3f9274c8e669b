package cli

import (
	"github.com/spf13/pflag"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/platform"
)

type Target struct {
	// Data is the data folder of an all-in-one, which has everything in it.
	Data string
	// Identity is the folder with certificates, for a platform that runs elsewhere.
	Identity string
	// At says where that platform's services answer.
	At client.Addresses
}

// Flags adds the flags that name a platform. The data folder is used unless an
// identity folder is given.
func (t *Target) Flags(flags *pflag.FlagSet, data string) {
	flags.StringVar(&t.Data, "data", data, "data `folder` of a platform that runs on this machine")
	flags.StringVar(&t.Identity, "identity", "", "`folder` with certificates, for a platform that runs elsewhere")
	flags.StringVar(&t.At.Intake, "intake", "127.0.0.1:7401", "`address` of intake, with --identity")
	flags.StringVar(&t.At.Triage, "triage", "127.0.0.1:7402", "`address` of triage, with --identity")
	flags.StringVar(&t.At.Routing, "routing", "127.0.0.1:7403", "`address` of routing, with --identity")
	flags.StringVar(&t.At.Audit, "audit", "127.0.0.1:7404", "`address` of audit, with --identity")
}

// Given says whether a platform is named at all.
func (t Target) Given() bool { return t.Data != "" || t.Identity != "" }

// Find says where the platform answers and where its certificates are.
func (t Target) Find() (at client.Addresses, identity string, err error) {
	if t.Identity != "" {
		return t.At, t.Identity, nil
	}
	at, err = client.ReadAddresses(t.Data)
	return at, platform.IdentityFolder(t.Data), err
}

// As connects as a peer of a kind (line, auditor, operator) and a name.
func (t Target) As(kind, name string) (*client.Platform, error) {
	at, identity, err := t.Find()
	if err != nil {
		return nil, err
	}
	credentials := platform.Credentials(identity, kind, name)
	// Report bad credentials once, not once per service.
	if _, err := client.ClientTLS(credentials, "audit"); err != nil {
		return nil, err
	}
	return client.Connect(at, credentials)
}
