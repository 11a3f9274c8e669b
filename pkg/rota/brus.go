package rota

import (
	_ "embed"
	"sync"
)

//go:embed brus.yaml
var embedded []byte

// BrusFile is the file of [Brus].
func BrusFile() string { return string(embedded) }

var parseEmbedded = sync.OnceValues(func() (*Rota, error) {
	return Parse("brus.yaml", embedded)
})

// Brus is the rota of BRUS that Stafett ships. The order of its municipalities is an
// example, since the real one is not published.
func Brus() *Rota {
	rota, err := parseEmbedded()
	if err != nil {
		panic("rota: the embedded file, which a test reads: " + err.Error())
	}
	return rota
}
