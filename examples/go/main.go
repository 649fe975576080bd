// Lists flags from Go. The whole binding is call(), which calls any operation by its name.
package main

/*
#cgo LDFLAGS: -lconfigcat_management
#include <stdlib.h>
#include <configcat_management.h>
*/
import "C"

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"unsafe"
)

func call(client *C.ccm_client, operation string, arguments map[string]any, result any) error {
	text, err := json.Marshal(arguments)
	if err != nil {
		return err
	}
	name, body := C.CString(operation), C.CString(string(text))
	defer C.free(unsafe.Pointer(name))
	defer C.free(unsafe.Pointer(body))
	var response *C.ccm_response
	var failure *C.ccm_error
	if C.ccm_call(client, name, body, C.size_t(len(text)), nil, &response, &failure) != C.CCM_OK {
		defer C.ccm_error_free(failure)
		return errors.New(C.GoString(C.ccm_error_message(failure)))
	}
	defer C.ccm_response_free(response)
	var length C.size_t
	bytes := C.ccm_response_body(response, &length)
	return json.Unmarshal(C.GoBytes(unsafe.Pointer(bytes), C.int(length)), result)
}

func run() error {
	var client *C.ccm_client
	var failure *C.ccm_error
	if C.ccm_client_new(nil, &client, &failure) != C.CCM_OK { // CONFIGCAT_API_USER and CONFIGCAT_API_PASS
		defer C.ccm_error_free(failure)
		return errors.New(C.GoString(C.ccm_error_message(failure)))
	}
	defer C.ccm_client_free(client)
	var products []struct{ ProductID, Name string }
	if err := call(client, "products.list", map[string]any{}, &products); err != nil {
		return err
	}
	for _, product := range products {
		var configs []struct{ ConfigID, Name string }
		if err := call(client, "configs.list", map[string]any{"product_id": product.ProductID}, &configs); err != nil {
			return err
		}
		for _, config := range configs {
			var flags []struct{ Key string }
			if err := call(client, "settings.list", map[string]any{"config_id": config.ConfigID}, &flags); err != nil {
				return err
			}
			fmt.Println(product.Name, config.Name, flags)
		}
	}
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
