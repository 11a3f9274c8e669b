package audit_test

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// TestOnlyAuditorsGetStoredState: no other RPC can answer with what projections store, or with
// a part of it.
func TestOnlyAuditorsGetStoredState(t *testing.T) {
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		if !strings.HasPrefix(file.Path(), "stafett/") {
			return true
		}
		for i := range file.Services().Len() {
			methods := file.Services().Get(i).Methods()
			for n := range methods.Len() {
				if method := methods.Get(n); method.Name() != "GetState" && reaches(method.Output(), map[protoreflect.FullName]bool{}) {
					t.Errorf("%s answers with stored state; build what the caller may see", method.FullName())
				}
			}
		}
		return true
	})
}

// reaches reports whether a message is, or contains, a stored one.
func reaches(m protoreflect.MessageDescriptor, seen map[protoreflect.FullName]bool) bool {
	if m.ParentFile().Package() == "stafett.state.v1" {
		return true
	}
	if seen[m.FullName()] {
		return false
	}
	seen[m.FullName()] = true
	for i := range m.Fields().Len() {
		if field := m.Fields().Get(i); field.Message() != nil && reaches(field.Message(), seen) {
			return true
		}
	}
	return false
}
