package rules

import (
	"fmt"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/checker"
	"cel.dev/cel-go/common/types"

	"github.com/stafett/stafett/pkg/yamlread"
)

const (
	// maxLength limits one expression, in bytes.
	maxLength = 500
	// maxCost limits one expression's cost in CEL's units: about one per variable and
	// operator.
	maxCost = 100
	// maxNesting limits nested parentheses and the like.
	maxNesting = 30
)

// environment declares the variables and allows no loops.
var environment = sync.OnceValue(func() *cel.Env {
	options := []cel.EnvOption{
		cel.StdLib(), cel.ClearMacros(), cel.ParserExpressionSizeLimit(maxLength), cel.ParserRecursionLimit(maxNesting),
	}
	for i := range variables {
		options = append(options, cel.Variable(variables[i].name, variables[i].kind()))
	}
	env, err := cel.NewCustomEnv(options...)
	if err != nil {
		panic("rules: the environment, which a test makes: " + err.Error())
	}
	return env
})

// expression is a compiled expression.
type expression struct {
	program cel.Program
	// uses has the bits of the variables that occur in it.
	uses Input
}

// readExpression compiles an expression. If that fails, it refuses the value in the file.
func readExpression(value yamlread.Value, of string) expression {
	text, ok := value.Text("for_topic")
	if !ok {
		return expression{}
	}
	e, err := compile(text)
	if err != nil {
		value.Refuse("%s %v", of, err)
	}
	return e
}

func compile(text string) (expression, error) {
	if len(text) > maxLength {
		return expression{}, fmt.Errorf("has %d bytes; write at most %d", len(text), maxLength)
	}
	ast, issues := environment().Compile(text)
	if issues.Err() != nil {
		return expression{}, notCompiled(issues)
	}
	if kind := ast.OutputType(); !kind.IsExactType(cel.BoolType) {
		return expression{}, fmt.Errorf("is of type %s; write what holds or does not, for example free > 0", kind)
	}
	cost, err := environment().EstimateCost(ast, noSizes{})
	if err != nil || cost.Max > maxCost {
		return expression{}, fmt.Errorf("may cost %d; write one that costs at most %d, about one for each variable and operator", cost.Max, maxCost)
	}
	program, err := environment().Program(ast, cel.CostLimit(maxCost))
	if err != nil {
		return expression{}, fmt.Errorf("cannot be run: %w; write it in another way", err)
	}
	e := expression{program, uses(ast)}
	if err := e.try(); err != nil {
		return expression{}, fmt.Errorf("could not be evaluated for any of %d inputs: %w; write one that can, for example without a division by 0", samples, err)
	}
	return e, nil
}

// samples is how many inputs an expression is tried with.
const samples = 64

// try evaluates the expression for inputs across the whole range. It returns the last error
// if every evaluation fails.
func (e expression) try() (err error) {
	const spread = 0x9E3779B97F4A7C15 // the golden ratio's bits: its multiples lie evenly
	for i := range uint64(samples) {
		if _, _, err = e.program.Eval(&activation{Input(i * spread)}); err == nil {
			return nil
		}
	}
	return err
}

// notCompiled reports CEL's first finding and its position within the expression.
func notCompiled(issues *cel.Issues) error {
	first := issues.Errors()[0]
	message, _, _ := strings.Cut(first.Message, "\n")
	if strings.HasPrefix(message, "undeclared reference") {
		message += "; the variables are " + names()
	}
	if line := first.Location.Line(); line > 0 {
		message = fmt.Sprintf("line %d, character %d: %s", line, first.Location.Column()+1, message)
	}
	return fmt.Errorf("does not compile: %s; correct the CEL, for example free > 0 || emergency", message)
}

func uses(ast *cel.Ast) (all Input) {
	for _, reference := range ast.NativeRep().ReferenceMap() {
		if which, known := named[reference.Name]; known {
			all |= every(which)
		}
	}
	return all
}

// holds reports whether the expression is true. A failed evaluation counts as false.
func (e expression) holds(in *activation) bool {
	result, _, err := e.program.Eval(in)
	return err == nil && result == types.True
}

// activation presents an input to CEL.
type activation struct{ input Input }

func (a *activation) ResolveName(name string) (any, bool) {
	which, known := named[name]
	if !known {
		return nil, false
	}
	return a.input.value(&variables[which]), true
}

func (a *activation) Parent() cel.Activation { return nil }

// noSizes gives no estimates, because no variable has a size.
type noSizes struct{}

func (noSizes) EstimateSize(checker.AstNode) *checker.SizeEstimate { return nil }

func (noSizes) EstimateCallCost(string, string, *checker.AstNode, []checker.AstNode) *checker.CallEstimate {
	return nil
}
