package seal

import (
	"bytes"
	"crypto/hpke"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/seal/internal/vectors"
)

type hpkeVector struct {
	Mode        uint8  `json:"mode"`
	KEM         uint16 `json:"kem_id"`
	KDF         uint16 `json:"kdf_id"`
	AEAD        uint16 `json:"aead_id"`
	Info        string `json:"info"`
	Private     string `json:"skRm"`
	Enc         string `json:"enc"`
	Encryptions []struct{ AAD, CT, PT string }
}

// TestPublishedHPKE tries the vectors of our suite that Go carries for its own implementation.
func TestPublishedHPKE(t *testing.T) {
	tried := 0
	for _, v := range readHPKE(t, "hpke-pq.json") {
		if v.KEM != kem.ID() || v.KDF != kdf.ID() || v.AEAD != aead.ID() {
			continue
		}
		private, err := kem.NewPrivateKey(vectors.Hex(t, v.Private))
		if err != nil {
			t.Fatal(err)
		}
		receiver, err := hpke.NewRecipient(vectors.Hex(t, v.Enc), private, kdf, aead, vectors.Hex(t, v.Info))
		if err != nil {
			t.Fatal(err)
		}
		for i, one := range v.Encryptions {
			if opened, err := receiver.Open(vectors.Hex(t, one.AAD), vectors.Hex(t, one.CT)); err != nil || one.PT != "" && !bytes.Equal(opened, vectors.Hex(t, one.PT)) {
				t.Errorf("encryption %d: %v", i, err)
			}
			tried++
		}
	}
	if tried == 0 {
		t.Error("there are no vectors of the suite in use")
	}
}

// readHPKE reads the vectors in Go's own source.
func readHPKE(t *testing.T, name string) (all []hpkeVector) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "src/crypto/hpke/testdata", name))
	if err != nil {
		t.Skip("this Go carries no vectors of HPKE, so they were not tried:", err)
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}
