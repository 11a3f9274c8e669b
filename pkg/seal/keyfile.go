package seal

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
	"google.golang.org/protobuf/proto"

	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// fileLimit bounds a file, so that what was saved can be read.
const fileLimit = 64 << 20

// Save writes the private keys, encrypted with age to the line's storage keys.
func (l *Line) Save(to io.Writer, storage ...age.Recipient) error {
	file, err := l.keyFile()
	if err != nil {
		return err
	}
	return encrypt(to, file, storage...)
}

// Load reads what Save wrote. Every key is verified as if it came from somewhere else.
func Load(from io.Reader, storage ...age.Identity) (*Line, error) {
	file := &sealv1.KeyFile{}
	if err := decrypt(from, file, storage...); err != nil {
		return nil, err
	}
	return loaded(file)
}

func encrypt(to io.Writer, file proto.Message, storage ...age.Recipient) error {
	text, err := proto.Marshal(file)
	if err != nil {
		return err
	}
	if len(text) > fileLimit {
		return fmt.Errorf("%d bytes are too many for a file; it can have %d", len(text), fileLimit)
	}
	encrypted, err := age.Encrypt(to, storage...)
	if err != nil {
		return err
	}
	if _, err := encrypted.Write(text); err != nil {
		return err
	}
	return encrypted.Close()
}

func decrypt(from io.Reader, file proto.Message, storage ...age.Identity) error {
	decrypted, err := age.Decrypt(from, storage...)
	if err != nil {
		return fmt.Errorf("it does not open: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(decrypted, fileLimit))
	if err != nil {
		return fmt.Errorf("it was changed or cut: %w", err)
	}
	if proto.Unmarshal(text, file) != nil {
		return errors.New("it has no keys of a line")
	}
	return nil
}

func (l *Line) keyFile() (*sealv1.KeyFile, error) {
	file := &sealv1.KeyFile{Domain: l.domain, Line: l.id, Destroyed: l.destroyed,
		Signing: &sealv1.PrivateKey{Seed: l.signing.private.Seed(), Statement: l.signing.public.Statement}}
	for _, key := range l.sealing {
		seed, err := key.private.Bytes()
		if err != nil {
			return nil, err
		}
		file.Sealing = append(file.Sealing, &sealv1.PrivateKey{Seed: seed, Statement: key.public.Statement})
	}
	return file, nil
}

func loaded(file *sealv1.KeyFile) (*Line, error) {
	signing, err := restoreSigning(file)
	if err != nil {
		return nil, err
	}
	l := &Line{domain: file.Domain, id: file.Line, signing: signing, destroyed: file.Destroyed}
	for _, key := range file.Sealing {
		restored, err := l.restoreSealing(key)
		if err != nil {
			return nil, err
		}
		l.sealing = append(l.sealing, restored)
	}
	if len(l.sealing) == 0 {
		return nil, errors.New("the key file has no sealing key")
	}
	return l, nil
}

func restoreSigning(file *sealv1.KeyFile) (signingKey, error) {
	seed := file.GetSigning().GetSeed()
	if len(seed) != ed25519.SeedSize {
		return signingKey{}, errors.New("the key file has no signing key")
	}
	public, err := VerifyKey(file.Signing.Statement, file.Domain, file.Line, nil)
	if err != nil {
		return signingKey{}, err
	}
	private := ed25519.NewKeyFromSeed(seed)
	if !bytes.Equal(private.Public().(ed25519.PublicKey), public.PublicKey) {
		return signingKey{}, fmt.Errorf("%w: the private key is not the one of the statement", ErrKey)
	}
	return signingKey{public, private}, nil
}

func (l *Line) restoreSealing(key *sealv1.PrivateKey) (sealingKey, error) {
	private, err := kem.NewPrivateKey(key.Seed)
	if err != nil {
		return sealingKey{}, fmt.Errorf("%w: %w", ErrKey, err)
	}
	public, err := VerifyKey(key.Statement, l.domain, l.id, l.signing.public)
	if err != nil {
		return sealingKey{}, err
	}
	if !bytes.Equal(private.PublicKey().Bytes(), public.PublicKey) {
		return sealingKey{}, fmt.Errorf("%w: the private key is not the one of the statement", ErrKey)
	}
	return sealingKey{public, private}, nil
}
