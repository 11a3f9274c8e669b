package interop

import (
	"crypto/rand"

	"golang.org/x/mod/sumdb/note"
)

// keys of tessera's log, made by note itself.
var privateKey, publicKey = generated()

func generated() (private, public string) {
	private, public, err := note.GenerateKey(rand.Reader, "tessera.test/log")
	if err != nil {
		panic(err)
	}
	return private, public
}
