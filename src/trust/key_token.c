/* Private keys in tokens: PKCS#11 (version 2.40, Edwards keys of 3.0), named by a URI (RFC 7512).
 *
 * p11-kit reads the URI and loads the module; it counts who uses it, so that one key's end does not
 * pull the module from under another. */
#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>
#include <pthread.h>

#include <openssl/crypto.h>

#include "key_part.h"

enum { URI_MAX = 4096, PIN_MAX = 256, SLOTS_MAX = 256 };

struct key_token {
    CK_FUNCTION_LIST *module;
    bool initialized, open;
    CK_SLOT_ID slot;
    CK_SESSION_HANDLE session;
    CK_OBJECT_HANDLE object;
    pthread_mutex_t lock; /* a session does one thing at a time */
};

static bool refused(ts_error *e, CK_RV rv, const char *what) {
    return ts_fail(e, TS_E_IO, "%s: %s (PKCS#11 code 0x%lx)", what, p11_kit_strerror(rv),
                   (unsigned long)rv);
}

/* ---- module ---- */

static bool parse_uri(ts_str text, P11KitUri *uri, ts_error *e) {
    char z[URI_MAX + 1];
    if (text.n > URI_MAX)
        return ts_fail(e, TS_E_LIMIT, "a PKCS#11 URI of more than %d bytes", URI_MAX);
    if (text.n && memchr(text.p, 0, text.n))
        return ts_fail(e, TS_E_INPUT, "the PKCS#11 URI holds a zero byte");
    if (text.n) memcpy(z, text.p, text.n);
    z[text.n] = 0;
    int result = p11_kit_uri_parse(z, P11_KIT_URI_FOR_ANY, uri);
    OPENSSL_cleanse(z, sizeof z); /* it may hold the PIN */
    if (result != P11_KIT_URI_OK)
        return ts_fail(e, TS_E_INPUT, "the PKCS#11 URI cannot be read: %s",
                       p11_kit_uri_message(result));
    if (p11_kit_uri_any_unrecognized(uri))
        return ts_fail(e, TS_E_INPUT, "the PKCS#11 URI has an attribute that is not known");
    return true;
}

static bool load_module(key_token *t, P11KitUri *uri, ts_error *e) {
    const char *path = p11_kit_uri_get_module_path(uri);
    if (!path || *path != '/')
        return ts_fail(e, TS_E_INPUT,
                       "the PKCS#11 URI does not say which module to load; add "
                       "?module-path=/…/libmodule.so (the whole path)");
    t->module = p11_kit_module_load(path, 0);
    if (!t->module) {
        ts_fail(e, TS_E_IO, "the PKCS#11 module cannot be loaded: %s",
                p11_kit_message() ? p11_kit_message() : "unknown reason");
        return ts_fail_at(e, path, 0, 0);
    }
    CK_RV rv = p11_kit_module_initialize(t->module);
    t->initialized = rv == CKR_OK;
    if (rv != CKR_OK) return refused(e, rv, "the PKCS#11 module does not start");
    CK_INFO info;
    rv = t->module->C_GetInfo(&info);
    if (rv != CKR_OK) return refused(e, rv, "the PKCS#11 module does not answer");
    return p11_kit_uri_match_module_info(uri, &info) ||
           ts_fail(e, TS_E_INPUT,
                   "the PKCS#11 URI asks for another module (library-…) than the "
                   "one that module-path names");
}

void key_token_close(key_token *t) {
    if (t->open) t->module->C_CloseSession(t->session);
    if (t->initialized) p11_kit_module_finalize(t->module);
    if (t->module) p11_kit_module_release(t->module);
    pthread_mutex_destroy(&t->lock);
    *t = (key_token){0};
}

/* ---- token ---- */

/* What a token calls itself, for a message: without the blanks that fill the field. */
static void add_label(char *list, size_t size, const CK_TOKEN_INFO *info) {
    char label[sizeof info->label + 1];
    size_t n = sizeof info->label, at = strlen(list);
    while (n && info->label[n - 1] == ' ') n--;
    for (size_t i = 0; i < n; i++)
        label[i] = info->label[i] >= ' ' && info->label[i] < 127 ? (char)info->label[i] : '?';
    label[n] = 0;
    snprintf(list + at, size - at, "%s\"%s\"", at ? ", " : "", label);
}

/* Whether the slot holds the token that the URI names; *info tells about a token that is usable. */
static bool match_slot(key_token *t, P11KitUri *uri, CK_SLOT_ID id, CK_TOKEN_INFO *info,
                       bool *usable) {
    CK_SLOT_ID wanted = p11_kit_uri_get_slot_id(uri);
    CK_SLOT_INFO slot;
    *usable = t->module->C_GetTokenInfo(id, info) == CKR_OK &&
              t->module->C_GetSlotInfo(id, &slot) == CKR_OK && info->flags & CKF_TOKEN_INITIALIZED;
    return *usable && (wanted == (CK_SLOT_ID)-1 || wanted == id) &&
           p11_kit_uri_match_slot_info(uri, &slot) && p11_kit_uri_match_token_info(uri, info);
}

static bool find_token(key_token *t, P11KitUri *uri, CK_TOKEN_INFO *found, ts_error *e) {
    CK_SLOT_ID slots[SLOTS_MAX];
    CK_ULONG n = SLOTS_MAX;
    char present[200] = "";
    unsigned matches = 0;
    CK_RV rv = t->module->C_GetSlotList(CK_TRUE, slots, &n);
    if (rv != CKR_OK) return refused(e, rv, "the PKCS#11 module does not list its tokens");
    for (CK_ULONG i = 0; i < n && i < SLOTS_MAX; i++) {
        CK_TOKEN_INFO info;
        bool usable, match = match_slot(t, uri, slots[i], &info, &usable);
        if (usable) add_label(present, sizeof present, &info);
        if (!match) continue;
        matches++;
        t->slot = slots[i];
        *found = info;
    }
    if (matches == 1) return true;
    return ts_fail(e, matches ? TS_E_INPUT : TS_E_NOT_FOUND,
                   "%s token that the PKCS#11 URI names; there is: %s",
                   matches ? "more than one is the" : "there is no", *present ? present : "none");
}

/* ---- login ---- */

/* pin-source is a file: a path or a file: URI (RFC 7512 section 2.4). */
static bool read_pin(P11KitUri *uri, char pin[PIN_MAX + 1], size_t *n, ts_error *e) {
    const char *value = p11_kit_uri_get_pin_value(uri);
    const char *source = p11_kit_uri_get_pin_source(uri);
    if (value && source)
        return ts_fail(e, TS_E_INPUT, "the PKCS#11 URI has both pin-value and pin-source");
    if (value) {
        *n = strlen(value);
        if (*n > PIN_MAX) return ts_fail(e, TS_E_LIMIT, "a PIN of more than %d bytes", PIN_MAX);
        memcpy(pin, value, *n);
        return true;
    }
    if (*source == '|')
        return ts_fail(e, TS_E_INPUT, "pin-source names a program; only a file is read here");
    if (strncmp(source, "file:", 5) == 0) source += strncmp(source, "file://", 7) == 0 ? 7 : 5;
    if (!key_read_secret(source, "file with the PIN", pin, PIN_MAX, n, e)) return false;
    if (*n && pin[*n - 1] == '\n') --*n;
    if (*n && pin[*n - 1] == '\r') --*n;
    if (*n) return true;
    ts_fail(e, TS_E_INPUT, "the file with the PIN is empty");
    return ts_fail_at(e, source, 0, 0);
}

static bool wrong_pin(key_token *t, ts_error *e) {
    CK_TOKEN_INFO info = {0};
    const char *after = "";
    if (t->module->C_GetTokenInfo(t->slot, &info) == CKR_OK) {
        if (info.flags & CKF_USER_PIN_LOCKED)
            after = "; it is locked now";
        else if (info.flags & CKF_USER_PIN_FINAL_TRY)
            after = "; one more wrong PIN locks it";
        else if (info.flags & CKF_USER_PIN_COUNT_LOW)
            after = "; after more wrong PINs it locks";
    }
    return ts_fail(e, TS_E_INPUT, "the token does not accept the PIN%s", after);
}

static bool login(key_token *t, P11KitUri *uri, CK_FLAGS flags, ts_error *e) {
    char pin[PIN_MAX + 1];
    size_t n = 0;
    bool given = p11_kit_uri_get_pin_value(uri) || p11_kit_uri_get_pin_source(uri);
    if (!(flags & CKF_LOGIN_REQUIRED)) return true;
    if (!given && !(flags & CKF_PROTECTED_AUTHENTICATION_PATH))
        return ts_fail(e, TS_E_INPUT,
                       "the token asks for a PIN; put it in a file (mode 600) and add "
                       "?pin-source=FILE to the PKCS#11 URI");
    if (given && !read_pin(uri, pin, &n, e)) return false;
    CK_RV rv = t->module->C_Login(t->session, CKU_USER, given ? (CK_UTF8CHAR *)pin : 0, n);
    OPENSSL_cleanse(pin, sizeof pin);
    switch (rv) {
    case CKR_OK:
    case CKR_USER_ALREADY_LOGGED_IN: return true; /* by another key of this process */
    case CKR_PIN_INCORRECT:
    case CKR_PIN_INVALID:
    case CKR_PIN_LEN_RANGE: return wrong_pin(t, e);
    case CKR_PIN_LOCKED:
        return ts_fail(e, TS_E_INPUT, "the token's PIN is locked; its security officer resets it");
    default: return refused(e, rv, "the token refuses the login");
    }
}

static bool open_session(key_token *t, P11KitUri *uri, ts_error *e) {
    CK_TOKEN_INFO info;
    if (!find_token(t, uri, &info, e)) return false;
    CK_RV rv = t->module->C_OpenSession(t->slot, CKF_SERIAL_SESSION, 0, 0, &t->session);
    if (rv != CKR_OK) return refused(e, rv, "the token opens no session");
    t->open = true;
    return login(t, uri, info.flags, e);
}

/* ---- objects ---- */

/* How many objects have the attributes: 0, 1, or 2 for more; the first of them in *found. */
static bool find_objects(key_token *t, CK_ATTRIBUTE *wanted, CK_ULONG n, CK_OBJECT_HANDLE *found,
                         CK_ULONG *count, ts_error *e) {
    CK_OBJECT_HANDLE two[2] = {0};
    CK_RV rv = t->module->C_FindObjectsInit(t->session, wanted, n);
    if (rv != CKR_OK) return refused(e, rv, "the token does not search its objects");
    rv = t->module->C_FindObjects(t->session, two, 2, count);
    t->module->C_FindObjectsFinal(t->session);
    *found = two[0];
    return rv == CKR_OK || refused(e, rv, "the token does not search its objects");
}

/* At most `max` bytes of an attribute; 0 when the object has no such attribute. */
static size_t attribute(key_token *t, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type, void *buf,
                        size_t max) {
    CK_ATTRIBUTE a = {type, buf, max};
    CK_RV rv = t->module->C_GetAttributeValue(t->session, o, &a, 1);
    return rv == CKR_OK && a.ulValueLen <= max ? a.ulValueLen : 0;
}

static bool find_private(key_token *t, P11KitUri *uri, ts_error *e) {
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    CK_ATTRIBUTE wanted[3] = {{CKA_CLASS, &class, sizeof class}};
    const CK_ATTRIBUTE *type = p11_kit_uri_get_attribute(uri, CKA_CLASS);
    const CK_ATTRIBUTE *label = p11_kit_uri_get_attribute(uri, CKA_LABEL);
    const CK_ATTRIBUTE *id = p11_kit_uri_get_attribute(uri, CKA_ID);
    CK_ULONG n = 1, count = 0;
    if (type && (type->ulValueLen != sizeof class || memcmp(type->pValue, &class, sizeof class)))
        return ts_fail(e, TS_E_INPUT, "the PKCS#11 URI names no private key; use type=private");
    if (!label && !id)
        return ts_fail(e, TS_E_INPUT, "the PKCS#11 URI names no key; add object=… or id=…");
    if (label) wanted[n++] = *label;
    if (id) wanted[n++] = *id;
    if (!find_objects(t, wanted, n, &t->object, &count, e)) return false;
    if (count == 1) return true;
    if (count)
        return ts_fail(e, TS_E_INPUT, "the PKCS#11 URI names more than one key; add %s",
                       id ? "object=…" : "id=…");
    return ts_fail(e, TS_E_NOT_FOUND, "the token holds no private key that the PKCS#11 URI names");
}

/* The curve by CKA_EC_PARAMS: the object identifier of a named curve, or for Edwards also its name
 * as a printable string (PKCS#11 3.0 section 2.3.5). */
static const struct {
    ts_key_kind kind;
    uint8_t n;
    uint8_t der[16];
} curves[] = {
    {TS_KEY_P256, 10, {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07}},
    {TS_KEY_P384, 7, {0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22}},
    {TS_KEY_ED25519, 5, {0x06, 0x03, 0x2b, 0x65, 0x70}},
    {TS_KEY_ED25519, 14, {0x13, 0x0c, 'e', 'd', 'w', 'a', 'r', 'd', 's', '2', '5', '5', '1', '9'}},
    {TS_KEY_ED25519, 11, {0x06, 0x09, 0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01}},
};

static CK_MECHANISM_TYPE mechanism_of(ts_key_kind kind) {
    return kind == TS_KEY_ED25519 ? CKM_EDDSA : CKM_ECDSA;
}

static bool check_private(key_token *t, ts_key_kind *kind, ts_error *e) {
    CK_KEY_TYPE type = 0;
    CK_BBOOL signs = CK_FALSE, asks = CK_FALSE;
    CK_MECHANISM_INFO info = {0};
    uint8_t params[16];
    size_t n = attribute(t, t->object, CKA_EC_PARAMS, params, sizeof params);
    attribute(t, t->object, CKA_KEY_TYPE, &type, sizeof type);
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
        if (n == curves[i].n && memcmp(params, curves[i].der, n) == 0 &&
            type == (curves[i].kind == TS_KEY_ED25519 ? CKK_EC_EDWARDS : CKK_EC))
            *kind = curves[i].kind;
    if (!*kind)
        return ts_fail(e, TS_E_INPUT,
                       "the token's key is of another kind than Ed25519, P-256 and P-384");
    if (!attribute(t, t->object, CKA_SIGN, &signs, sizeof signs) || !signs)
        return ts_fail(e, TS_E_INPUT, "the token's key was made without the permission to sign");
    if (attribute(t, t->object, CKA_ALWAYS_AUTHENTICATE, &asks, sizeof asks) && asks)
        return ts_fail(e, TS_E_INPUT, "the token's key asks for the PIN before every signature");
    if (t->module->C_GetMechanismInfo(t->slot, mechanism_of(*kind), &info) != CKR_OK ||
        !(info.flags & CKF_SIGN))
        return ts_fail(e, TS_E_INPUT, "the token does not sign with %s keys",
                       ts_key_kind_name(*kind));
    return true;
}

/* CKA_EC_POINT is an OCTET STRING that holds the point; some tokens leave its head out. */
static bool read_point(key_token *t, CK_OBJECT_HANDLE o, ts_public_key *k) {
    uint8_t b[2 + sizeof k->b];
    size_t w = key_width(k->kind), full = k->kind == TS_KEY_ED25519 ? w : 1 + 2 * w;
    size_t n = attribute(t, o, CKA_EC_POINT, b, sizeof b);
    bool head = n == full + 2 && b[0] == 4 && b[1] == full;
    if (n != full && !head) return false;
    memcpy(k->b, b + (head ? 2 : 0), full);
    k->n = (uint8_t)full;
    return true;
}

/* The public half is another object with the same id (or, without one, the same label). */
static bool find_public(key_token *t, ts_public_key *k, ts_error *e) {
    CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
    char name[256];
    CK_ATTRIBUTE wanted[2] = {{CKA_CLASS, &class, sizeof class}, {CKA_ID, name, 0}};
    CK_OBJECT_HANDLE o = 0;
    CK_ULONG count = 0;
    wanted[1].ulValueLen = attribute(t, t->object, CKA_ID, name, sizeof name);
    if (!wanted[1].ulValueLen) {
        wanted[1].type = CKA_LABEL;
        wanted[1].ulValueLen = attribute(t, t->object, CKA_LABEL, name, sizeof name);
    }
    if (!find_objects(t, wanted, 2, &o, &count, e)) return false;
    if (count > 1)
        return ts_fail(e, TS_E_INPUT, "the token holds several public keys with that key's id");
    if ((count && read_point(t, o, k)) || read_point(t, t->object, k)) return true;
    return ts_fail(e, TS_E_NOT_FOUND,
                   "the token holds no public key with that key's id; store it beside the private "
                   "one");
}

/* ---- the key ---- */

static bool open_key(ts_key *k, ts_str text, P11KitUri *uri, ts_error *e) {
    key_token *t = k->token;
    ts_public_key known = {0};
    return parse_uri(text, uri, e) && load_module(t, uri, e) && open_session(t, uri, e) &&
           find_private(t, uri, e) && check_private(t, &known.kind, e) &&
           find_public(t, &known, e) && key_from_public(k, &known, e);
}

ts_key *ts_key_open_pkcs11(ts_arena *a, ts_str text, ts_error *e) {
    ts_key *k = ts_new(a, ts_key);
    k->token = ts_new(a, key_token);
    pthread_mutex_init(&k->token->lock, 0);
    P11KitUri *uri = p11_kit_uri_new();
    bool ok = uri ? open_key(k, text, uri, e) : key_library_failed(e);
    p11_kit_uri_free(uri);
    if (ok) return k;
    ts_key_free(k);
    return 0;
}

bool key_token_sign(key_token *t, ts_key_kind kind, ts_str message, ts_signature *out,
                    ts_error *e) {
    CK_MECHANISM m = {mechanism_of(kind), 0, 0};
    CK_ULONG n = sizeof out->b;
    ts_hash_value h = {.n = 0};
    if (kind != TS_KEY_ED25519) {
        h = ts_sha_of(key_sha(kind), message);
        message = (ts_str){(char *)h.b, h.n};
    }
    pthread_mutex_lock(&t->lock);
    CK_RV rv = t->module->C_SignInit(t->session, &m, t->object);
    if (rv == CKR_OK)
        rv = t->module->C_Sign(t->session, (uint8_t *)(uintptr_t)message.p, message.n, out->b, &n);
    pthread_mutex_unlock(&t->lock);
    if (rv != CKR_OK) return refused(e, rv, "the token does not sign");
    if (n != 2 * key_width(kind))
        return ts_fail(e, TS_E_IO, "the token's signature has %lu bytes, where %s has %zu",
                       (unsigned long)n, ts_key_kind_name(kind), 2 * key_width(kind));
    out->n = (uint8_t)n;
    return true;
}
