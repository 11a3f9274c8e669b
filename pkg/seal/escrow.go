package seal

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"filippo.io/age"
	"google.golang.org/protobuf/proto"

	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// Escrow splits what a line needs to go on after it lost everything into two shares for two persons.
// Each alone is random. They hold the signing key and the storage key, to which the line's files are encrypted, and
// not the sealing keys of the day: if the files are lost too, those are made again, and what was sealed to lost
// ones stays sealed.
func (l *Line) Escrow(storage *age.HybridIdentity) (shares [2]string, err error) {
	secret, err := proto.Marshal(&sealv1.KeyFile{Domain: l.domain, Line: l.id, Storage: storage.String(),
		Signing: &sealv1.PrivateKey{Seed: l.signing.private.Seed(), Statement: l.signing.public.Statement}})
	if err != nil {
		return shares, err
	}
	sum := sha256.Sum256(secret)
	secret = append(secret, sum[:]...)
	mask, pair := make([]byte, len(secret)), make([]byte, 8)
	rand.Read(mask)
	rand.Read(pair)
	for i, half := range [][]byte{mask, xor(secret, mask)} {
		if shares[i], err = encodeShare(&sealv1.Share{Line: l.id, Number: uint32(i + 1), Pair: pair, Half: half}); err != nil {
			return shares, err
		}
	}
	return shares, nil
}

// Restore puts two shares together, in either order, and makes a sealing key of today. The storage key is nil if
// the shares were made before they had it.
func Restore(one, other string, now time.Time) (l *Line, storage *age.HybridIdentity, err error) {
	secret, err := join(one, other)
	if err != nil {
		return nil, nil, err
	}
	file := &sealv1.KeyFile{}
	if err := proto.Unmarshal(secret, file); err != nil {
		return nil, nil, errWrongShares
	}
	if file.Storage != "" {
		if storage, err = age.ParseHybridIdentity(file.Storage); err != nil {
			return nil, nil, errWrongShares
		}
	}
	signing, err := restoreSigning(file)
	if err != nil {
		return nil, nil, err
	}
	l = &Line{domain: file.Domain, id: file.Line, signing: signing}
	return l, storage, l.Rotate(now)
}

var errWrongShares = errors.New("the two shares are not halves of one secret")

func join(one, other string) ([]byte, error) {
	a, err := decodeShare(one)
	if err != nil {
		return nil, err
	}
	b, err := decodeShare(other)
	if err != nil {
		return nil, err
	}
	switch {
	case a.Number == b.Number:
		return nil, fmt.Errorf("both are share %d; one of each is needed", a.Number)
	case !bytes.Equal(a.Pair, b.Pair) || len(a.Half) != len(b.Half) || len(a.Half) < sha256.Size:
		return nil, fmt.Errorf("%w: they were made at different times, or for %s and %s", errWrongShares, a.Line, b.Line)
	}
	joined := xor(a.Half, b.Half)
	secret, sum := joined[:len(joined)-sha256.Size], joined[len(joined)-sha256.Size:]
	if want := sha256.Sum256(secret); !bytes.Equal(sum, want[:]) {
		return nil, errWrongShares
	}
	return secret, nil
}

func xor(a, b []byte) []byte {
	mixed := slices.Clone(a)
	for i := range mixed {
		mixed[i] ^= b[i]
	}
	return mixed
}

// A share in words that can be printed and typed: letters and digits that are not confused, in
// groups, and a check sum that finds a typing error.
const (
	shareMark    = "stafett-share"
	checkSumSize = 4
	groupSize    = 4
)

var shareText = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

func encodeShare(share *sealv1.Share) (string, error) {
	content, err := proto.Marshal(share)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(content)
	words := []string{shareMark}
	for group := range slices.Chunk([]byte(shareText.EncodeToString(append(content, sum[:checkSumSize]...))), groupSize) {
		words = append(words, string(group))
	}
	return strings.Join(words, " "), nil
}

func decodeShare(text string) (*sealv1.Share, error) {
	text, marked := strings.CutPrefix(strings.Join(strings.Fields(strings.ToLower(text)), ""), shareMark)
	content, err := shareText.DecodeString(text)
	if !marked || err != nil || len(content) < checkSumSize {
		return nil, fmt.Errorf("a share begins with %s and has only digits and letters after it", shareMark)
	}
	content, sum := content[:len(content)-checkSumSize], content[len(content)-checkSumSize:]
	if want := sha256.Sum256(content); !bytes.Equal(sum, want[:checkSumSize]) {
		return nil, errors.New("the share has a typing error")
	}
	share := &sealv1.Share{}
	if err := proto.Unmarshal(content, share); err != nil || share.Number != 1 && share.Number != 2 {
		return nil, errors.New("this is not a share that this program knows")
	}
	return share, nil
}
