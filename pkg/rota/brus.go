package rota

import (
	_ "embed"
	"sync"
)

//go:embed brus.yaml
var embedded []byte

// BrusFile returns the file behind [Brus].
func BrusFile() string { return string(embedded) }

var parseEmbedded = sync.OnceValues(func() (*Rota, error) {
	return Parse("brus.yaml", embedded)
})

// Brus returns the rota of BRUS that ships with Stafett. The order of its municipalities is
// an example, because the real one is not published.
func Brus() *Rota {
	rota, err := parseEmbedded()
	if err != nil {
		panic("rota: the embedded file, which a test reads: " + err.Error())
	}
	return rota
}
