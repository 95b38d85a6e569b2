// msgraph-beta-sdk-go as its users call it: its request adapter with the middleware and HTTP client that it comes
// with, and its request builders and models. Only the packages of this call are imported: the others would only take
// time to compile.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"sync"

	kiota "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"
	"github.com/microsoftgraph/msgraph-beta-sdk-go/admin"
	graphcore "github.com/microsoftgraph/msgraph-sdk-go-core"
)

const (
	expectedID       = "551f1755-0184-9e51-0bc7-f32bae5a1afb"
	expectedServices = 4
	ids              = 1000
)

func giveUp(why any) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}

type staticToken struct{ token string }

func (t staticToken) GetAuthorizationToken(context.Context, *url.URL, map[string]any) (string, error) {
	return t.token, nil
}

func (t staticToken) GetAllowedHostsValidator() *authentication.AllowedHostsValidator {
	return nil
}

func makeAdmin(baseURL string) *admin.AdminRequestBuilder {
	kiota.RegisterDefaultDeserializer(func() serialization.ParseNodeFactory {
		return jsonserialization.NewJsonParseNodeFactory()
	})
	provider := authentication.NewBaseBearerTokenAuthenticationProvider(staticToken{os.Getenv("BENCH_TOKEN")})
	options := graphcore.GraphClientOptions{GraphServiceVersion: "beta", GraphServiceLibraryVersion: "0.160.0"}
	adapter, err := graphcore.NewGraphRequestAdapterBase(provider, options)
	if err != nil {
		giveUp(err)
	}
	adapter.SetBaseUrl(baseURL)
	return admin.NewAdminRequestBuilderInternal(map[string]string{"baseurl": baseURL}, adapter)
}

func main() {
	if len(os.Args) != 6 {
		giveUp("usage: BENCH_TOKEN=TOKEN PROGRAM URL CA_FILE CONNECTIONS WARM_UP_SECONDS SECONDS")
	}
	connections, err := strconv.Atoi(os.Args[3])
	if err != nil {
		giveUp(err)
	}
	watch := newStopwatch(os.Args[4], os.Args[5])
	assignments := makeAdmin(os.Args[1] + "/bare/beta").CloudLicensing().Assignments()
	var loops sync.WaitGroup
	for loop := 0; loop < connections; loop++ {
		loops.Add(1)
		go func() {
			defer loops.Done()
			for number := loop; ; number += connections {
				id := fmt.Sprintf("405ee855-dd74-f695-8d7e-be35%08x", number%ids)
				found, err := assignments.ByAssignmentId(id).Allotment().Get(context.Background(), nil)
				if err != nil {
					giveUp(err)
				}
				if *found.GetId() != expectedID || len(found.GetServices()) != expectedServices {
					giveUp("a wrong allotment")
				}
				if !watch.answered() {
					return
				}
			}
		}()
	}
	loops.Wait()
	if err := json.NewEncoder(os.Stdout).Encode(watch.counted()); err != nil {
		giveUp(err)
	}
}
