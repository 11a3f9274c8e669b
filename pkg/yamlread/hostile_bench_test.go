package yamlread

import (
	"fmt"
	"strings"
	"testing"
)

// manyKeys is one mapping with as many keys as fit into the given size.
func manyKeys(size int) []byte {
	var text strings.Builder
	for i := 0; text.Len() < size; i++ {
		fmt.Fprintf(&text, "k%d: 1\n", i)
	}
	return []byte(text.String())
}

// BenchmarkManyKeys measures the cost of a mapping filled with keys.
func BenchmarkManyKeys(b *testing.B) {
	for _, size := range []int{16 << 10, 64 << 10} {
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			text := manyKeys(size)
			b.ReportAllocs()
			for b.Loop() {
				if err := Read("f.yaml", text, visit); err == nil {
					b.Fatal("was taken")
				}
			}
		})
	}
}
