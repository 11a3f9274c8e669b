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

// Services reads the services' public keys from a folder: SERVICE.pub, and
// earlier ones as SERVICE.ANYTHING.pub.
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

// Trust is what somebody verifies with, and must have from elsewhere than what
// is verified: the log's key, or a policy that names logs and witnesses.
type Trust struct{ LogKey, Policy string }

// Flags say whom a verification believes.
func (t *Trust) Flags(command *cobra.Command) {
	command.Flags().StringVar(&t.LogKey, "log-key", "", "the log's `key`, or a file that contains it")
	command.Flags().StringVar(&t.Policy, "policy", "", "`file` with the trusted logs, and the witnesses that must have cosigned")
}

// Given says whether there is any.
func (t Trust) Given() bool { return t.LogKey != "" || t.Policy != "" }

// Open reads the trust. A log's key is a vkey or a file with one. Without a
// policy, one is made of the key that asks for no witnesses. With one, the key is
// added to it, unless the policy names it already.
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

// TextOrFile is what a file has in it, or else the text itself. It is an error where the
// text can only mean a file, as no key is without a plus sign, and there is none.
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
