package seal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/stafett/stafett/pkg/seal/internal/cobblestone"
)

// A blob is a version, the id of its content key, and Cobblestone-256 over the padded text. The
// padded text is the length of the text as 4 bytes, big-endian, the text, and zeros up to a bucket.
const (
	blobVersion = 1
	lengthSize  = 4
	headerSize  = 1 + ContentKeyIDSize
	// MaxText is the longest text in bytes that can be sealed, and MaxBlob the size of its blob.
	MaxText = 16<<10 - lengthSize
	MaxBlob = headerSize + 56 + 16<<10 + 2*16
)

// Buckets are the sizes to which texts are padded, with their length.
var Buckets = []int{256, 1 << 10, 4 << 10, 16 << 10}

// ErrNotSealed: the bytes are not a blob of this format and of one of its sizes.
var ErrNotSealed = errors.New("this is not a sealed blob")

// Check tells, without a key, whether bytes have the form of a blob. It is all that the platform can
// know about one.
func Check(blob []byte) error {
	if len(blob) < headerSize || blob[0] != blobVersion {
		return fmt.Errorf("%w: it does not begin with version %d and a key id", ErrNotSealed, blobVersion)
	}
	if Bucket(blob) == 0 {
		return fmt.Errorf("%w: %d bytes are not the size of a padded text", ErrNotSealed, len(blob))
	}
	return nil
}

// Bucket is the size to which the text of a blob was padded, or 0.
func Bucket(blob []byte) int {
	for _, bucket := range Buckets {
		if len(blob) == headerSize+cobblestone.Size(bucket) {
			return bucket
		}
	}
	return 0
}

// KeyOf is the id of the content key under which a blob was sealed.
func KeyOf(blob []byte) ([]byte, error) {
	if err := Check(blob); err != nil {
		return nil, err
	}
	return bytes.Clone(blob[1:headerSize]), nil
}

// pad puts a text into the smallest bucket that holds it.
func pad(text []byte) ([]byte, error) {
	if len(text) == 0 {
		return nil, errors.New("there is nothing to seal")
	}
	for _, bucket := range Buckets {
		if lengthSize+len(text) <= bucket {
			padded := make([]byte, bucket)
			binary.BigEndian.PutUint32(padded, uint32(len(text)))
			copy(padded[lengthSize:], text)
			return padded, nil
		}
	}
	return nil, fmt.Errorf("a text of %d bytes is longer than %d", len(text), MaxText)
}

// unpad refuses padding that pad would not have made, so that a text has one form.
func unpad(padded []byte) ([]byte, error) {
	if len(padded) < lengthSize {
		return nil, ErrOpen
	}
	length := binary.BigEndian.Uint32(padded)
	if int64(length) > int64(len(padded)-lengthSize) {
		return nil, ErrOpen
	}
	text := padded[lengthSize : lengthSize+int(length)]
	if again, err := pad(text); err != nil || !bytes.Equal(again, padded) {
		return nil, ErrOpen
	}
	return text, nil
}
