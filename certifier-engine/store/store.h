#ifndef CERTIFIER_ENGINE_STORE_STORE_H
#define CERTIFIER_ENGINE_STORE_STORE_H

// The whole interface of the store.
#include "store/administration_store.h"
#include "store/decision_store.h"
#include "store/enrollment_store.h"

#endif  // CERTIFIER_ENGINE_STORE_STORE_H
