package yamlread

import (
	"fmt"
	"io"
	"os"
)

// Load takes a file into memory. One that is larger than [MaxBytes] is refused with an
// [Error] and not read. Of a pipe no more is read than [Read] needs to refuse it.
func Load(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > MaxBytes {
		return nil, tooLarge(path, info.Size())
	}
	return io.ReadAll(io.LimitReader(file, MaxBytes+1))
}

func tooLarge(name string, size int64) error {
	return &Error{name, 1, 1, fmt.Sprintf("the file has %d bytes; write at most %d", size, MaxBytes)}
}
