package failsafe_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"github.com/tta-dev/otelcol-workflow/sdk/failsafe"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

func ExampleGuard() {
	ask := workflow.Func("ask", func(context.Context, string) (string, error) {
		return "", errors.New("the model is down")
	})
	breaker := circuitbreaker.NewBuilder[string]().WithFailureThreshold(2).WithDelay(time.Minute).Build()
	guarded := failsafe.Guard("guarded ask", ask, breaker)
	for range 3 {
		_, err := guarded.Run(context.Background(), "hello")
		fmt.Println(err)
	}
	// Output:
	// step ask: the model is down
	// step ask: the model is down
	// step guarded ask: rejected: circuit breaker open
}
