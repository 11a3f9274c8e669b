package yamlread

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// place returns where a reader sees a value begin. To the parser, a mapping begins at its
// first colon.
func place(node ast.Node) *token.Position {
	switch node := node.(type) {
	case *ast.MappingNode:
		if !node.IsFlowStyle && len(node.Values) > 0 {
			return place(node.Values[0])
		}
	case *ast.MappingValueNode:
		return place(node.Key)
	}
	return node.GetToken().Position
}

func found(node ast.Node) string {
	switch node := node.(type) {
	case *ast.MappingNode:
		if len(node.Values) == 0 {
			return "an empty mapping"
		}
		return "a mapping"
	case *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		if len(node.Values) == 0 {
			return "an empty list"
		}
		return "a list"
	case *ast.NullNode, nil:
		return "nothing"
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		return "an anchor, alias, tag or merge key"
	default:
		return fmt.Sprintf("%.40q", strings.TrimSpace(node.String()))
	}
}
