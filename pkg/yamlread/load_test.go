package yamlread

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.yaml")
	for size, taken := range map[int64]bool{0: true, int64(Usual.Bytes): true, int64(Usual.Bytes) + 1: false, 100 << 20: false} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		before := allocated()
		text, err := Load(path)
		var mistake *Error
		if errors.As(err, &mistake) == taken || taken && int64(len(text)) != size {
			t.Errorf("%d bytes: %d taken, %v", size, len(text), err)
		}
		if took := allocated() - before; took > 20<<20 {
			t.Errorf("%d bytes: %d bytes of memory", size, took)
		}
	}
	if text, err := Load("/dev/zero"); err != nil || len(text) != Usual.Bytes+1 {
		t.Errorf("of a file without end: %d bytes, %v", len(text), err)
	}
	if _, err := Load(path + ".not"); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}
