package evidence

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/verify"
)

// Services reads the services' public keys from a folder: SERVICE.pub, and earlier ones as
// SERVICE.ANYTHING.pub.
func Services(folder string) (map[string][]ed25519.PublicKey, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.pub"))
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("%s has no public keys of services (SERVICE.pub); copy them from the platform's folder \"signing\"", folder)
	}
	keys := map[string][]ed25519.PublicKey{}
	for _, path := range paths {
		key, err := publicKey(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		service, _, _ := strings.Cut(filepath.Base(path), ".")
		keys[service] = append(keys[service], key)
	}
	return keys, nil
}

func publicKey(path string) (ed25519.PublicKey, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("not a PEM file")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("it holds a %T, not an Ed25519 key", parsed)
	}
	return key, nil
}

// Trust is what a verification relies on: the log's key, or a policy that names logs and
// witnesses. It must not come from the source being verified.
type Trust struct{ LogKey, Policy string }

// Flags adds the flags that say whom a verification trusts.
func (t *Trust) Flags(command *cobra.Command) {
	command.Flags().StringVar(&t.LogKey, "log-key", "", "the log's `key`, or a file that contains it")
	command.Flags().StringVar(&t.Policy, "policy", "", "`file` with the trusted logs, and the witnesses that must have cosigned")
}

func (t Trust) Given() bool { return t.LogKey != "" || t.Policy != "" }

// Open reads the keys and the policy. A log's key is a vkey or a file that contains one.
// Without a policy, Open makes one from the key, which requires no witnesses. With one, it
// adds the key unless the policy already names it.
func (t Trust) Open() (*verify.Policy, error) {
	text := []byte("quorum none")
	if !t.Given() {
		return nil, fmt.Errorf("give the log to trust: --log-key with its key (log.vkey in audit's folder), or --policy; without one, any history would pass")
	}
	if t.Policy != "" {
		var err error
		if text, err = os.ReadFile(t.Policy); err != nil {
			return nil, err
		}
	}
	policy, err := verify.ParsePolicy(text)
	if err != nil || t.LogKey == "" {
		return policy, err
	}
	key, err := TextOrFile(t.LogKey)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(policy.Logs, func(log verify.PolicyLog) bool { return log.VKey() == key }) {
		return policy, nil
	}
	if _, err := verify.ParseLog(key); err != nil {
		return nil, fmt.Errorf("the log's key: %w", err)
	}
	return verify.ParsePolicy(append(text, "\nlog "+key+"\n"...))
}

// TextOrFile returns the content of the named file, or else the text itself. Every key
// contains a plus sign, so a text without one must name a file, and it is an error if the
// file is missing.
func TextOrFile(text string) (string, error) {
	read, err := os.ReadFile(text)
	if err == nil {
		return strings.TrimSpace(string(read)), nil
	}
	if errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(text, "/.\\") && !strings.Contains(text, "+") {
		return "", fmt.Errorf("%s: no such file", text)
	}
	return text, nil
}
