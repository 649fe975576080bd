// Owning pointers for the handles of the C API.

#ifndef CONFIGCAT_MANAGEMENT_HANDLE_HPP
#define CONFIGCAT_MANAGEMENT_HANDLE_HPP

#include "../configcat_management.h"

#include <memory>

namespace configcat::management::detail {

template <class T, void (*Free)(T *)>
struct Deleter {
    void operator()(T *pointer) const noexcept { Free(pointer); }
};

template <class T, void (*Free)(T *)>
using Owner = std::unique_ptr<T, Deleter<T, Free>>;

using ErrorHandle = Owner<ccm_error, ccm_error_free>;
using OptionsHandle = Owner<ccm_options, ccm_options_free>;
using ClientHandle = Owner<ccm_client, ccm_client_free>;
using ParamsHandle = Owner<ccm_params, ccm_params_free>;
using ResponseHandle = Owner<ccm_response, ccm_response_free>;
using DocumentHandle = Owner<ccm_document, ccm_document_free>;
using EditHandle = Owner<ccm_edit, ccm_edit_free>;
using BuilderHandle = Owner<ccm_builder, ccm_builder_free>;
using PendingHandle = Owner<ccm_pending, ccm_pending_free>;
using QueueHandle = Owner<ccm_queue, ccm_queue_free>;
using BulkHandle = Owner<ccm_bulk, ccm_bulk_free>;
using ProductDocumentHandle = Owner<ccm_product_document, ccm_product_document_free>;
using PlanHandle = Owner<ccm_plan, ccm_plan_free>;
using ReportHandle = Owner<ccm_report, ccm_report_free>;
using PagesHandle = Owner<ccm_pages, ccm_pages_free>;

} // namespace configcat::management::detail

#endif
