/* Private keys in files. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include "key_part.h"

enum { KEY_FILE_MAX = 16 << 10, PATH_LIMIT = 1024 };

/* ---- reading what nobody else may read ---- */

static bool check_owner(int fd, const char *path, const char *what, size_t max, ts_error *e) {
    struct stat st;
    if (fstat(fd, &st) != 0) return ts_fail_errno(e, TS_E_IO, errno, "cannot read the %s", what);
    if (!S_ISREG(st.st_mode)) return ts_fail(e, TS_E_IO, "the %s is not a regular file", what);
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return ts_fail(e, TS_E_IO,
                       "the %s belongs to another user; who runs this must own it: "
                       "`chown %ld %s`",
                       what, (long)geteuid(), path);
    if (st.st_mode & 077)
        return ts_fail(e, TS_E_IO,
                       "the %s is open to other users (mode %03o); close it: `chmod 600 %s`", what,
                       (unsigned)st.st_mode & 0777, path);
    if ((uint64_t)st.st_size > max)
        return ts_fail(e, TS_E_LIMIT, "the %s is larger than %zu bytes", what, max);
    return true;
}

static bool read_all(int fd, const char *what, char *buf, size_t max, size_t *n, ts_error *e) {
    for (*n = 0; *n <= max;) {
        ssize_t k = read(fd, buf + *n, max + 1 - *n);
        if (k == 0) return true;
        if (k < 0 && errno != EINTR)
            return ts_fail_errno(e, TS_E_IO, errno, "cannot read the %s", what);
        if (k > 0) *n += (size_t)k;
    }
    return ts_fail(e, TS_E_LIMIT, "the %s is larger than %zu bytes", what, max);
}

bool key_read_secret(const char *path, const char *what, char *buf, size_t max, size_t *n,
                     ts_error *e) {
    /* O_NONBLOCK: a pipe must not hold us up before it is refused. */
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool ok;
    if (fd < 0 && errno == ELOOP)
        ok = ts_fail(e, TS_E_IO, "the %s is a link; name the file itself", what);
    else if (fd < 0)
        ok = ts_fail_errno(e, errno == ENOENT ? TS_E_NOT_FOUND : TS_E_IO, errno,
                           "cannot open the %s", what);
    else
        ok = check_owner(fd, path, what, max, e) && read_all(fd, what, buf, max, n, e);
    if (fd >= 0) close(fd);
    return ok || ts_fail_at(e, path, 0, 0);
}

/* ---- PEM ---- */

/* What else a PEM block may be called, and what to do then. */
static bool refuse_label(const char *label, const char *path, ts_error *e) {
    if (strcmp(label, "ENCRYPTED PRIVATE KEY") == 0)
        return ts_fail(e, TS_E_INPUT,
                       "the private key is encrypted, which is not read here; keep it in a token, "
                       "or make an open copy: `openssl pkcs8 -in %s -out NEW; chmod 600 NEW`",
                       path);
    if (strcmp(label, "EC PRIVATE KEY") == 0 || strcmp(label, "EC PARAMETERS") == 0)
        return ts_fail(e, TS_E_INPUT,
                       "the private key is in the older form of SEC 1; convert it: "
                       "`openssl pkcs8 -topk8 -nocrypt -in %s -out NEW; chmod 600 NEW`",
                       path);
    return ts_fail(e, TS_E_INPUT,
                   "the file holds something else (%.40s) than a private key (PKCS#8 PEM)", label);
}

static EVP_PKEY *key_of_der(const uint8_t *der, long n) {
    const uint8_t *p = der;
    PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(0, &p, n);
    EVP_PKEY *pair = info && p == der + n ? EVP_PKCS82PKEY(info) : 0;
    PKCS8_PRIV_KEY_INFO_free(info);
    return pair;
}

/* The next block of the PEM text; false when there is none. */
typedef struct pem_block {
    char *label, *header;
    uint8_t *der;
    long n;
} pem_block;

static bool next_block(BIO *text, pem_block *b) {
    *b = (pem_block){0};
    return PEM_read_bio(text, &b->label, &b->header, &b->der, &b->n) == 1;
}

static void drop_block(pem_block *b) {
    OPENSSL_free(b->label);
    OPENSSL_free(b->header);
    OPENSSL_clear_free(b->der, (size_t)b->n);
}

static EVP_PKEY *read_pem(BIO *text, const char *path, ts_error *e) {
    pem_block b, second;
    EVP_PKEY *pair = 0;
    if (!next_block(text, &b)) {
        ts_fail(e, TS_E_INPUT, "the file holds no private key (PKCS#8 PEM)");
        return 0;
    }
    bool more = next_block(text, &second);
    if (strcmp(b.label, "PRIVATE KEY") != 0) {
        refuse_label(b.label, path, e);
    } else if (more || *b.header) {
        ts_fail(e, TS_E_INPUT, "the file must hold one private key, open, and nothing else");
    } else {
        pair = key_of_der(b.der, b.n);
        if (!pair) ts_fail(e, TS_E_INPUT, "the private key is damaged, or of an unknown kind");
    }
    drop_block(&b);
    drop_block(&second);
    return pair;
}

ts_key *ts_key_open_file(ts_arena *a, const char *path, ts_error *e) {
    char pem[KEY_FILE_MAX + 1];
    size_t n = 0;
    ts_key *k = ts_new(a, ts_key);
    if (!key_read_secret(path, "private key", pem, KEY_FILE_MAX, &n, e)) return 0;
    BIO *text = BIO_new_mem_buf(pem, (int)n);
    EVP_PKEY *pair = 0;
    if (text)
        pair = read_pem(text, path, e);
    else
        key_library_failed(e);
    BIO_free(text);
    OPENSSL_cleanse(pem, sizeof pem);
    ERR_clear_error();
    if (pair && key_from_pair(k, pair, e)) return k;
    ts_fail_at(e, path, 0, 0);
    ts_key_free(k);
    return 0;
}

/* ---- making one ---- */

static bool exists_already(ts_error *e) {
    return ts_fail(e, TS_E_IO, "the file exists already; a key is never written over");
}

/* Puts the finished file in its place, unless something is there. */
static bool put_in_place(const char *temp, const char *path, ts_error *e) {
    bool ok = renameat2(AT_FDCWD, temp, AT_FDCWD, path, RENAME_NOREPLACE) == 0;
    if (!ok && errno != EEXIST) { /* not every file system can do that; then with a second name */
        ok = link(temp, path) == 0;
        if (ok) unlink(temp);
    }
    if (ok) return true;
    if (errno == EEXIST) return exists_already(e);
    return ts_fail_errno(e, TS_E_IO, errno, "cannot put the new key in place");
}

static bool write_private(int fd, const char *path, ts_str pem, ts_error *e) {
    struct stat st;
    if (fchmod(fd, 0600) != 0 || fstat(fd, &st) != 0 || st.st_mode & 077)
        return ts_fail(e, TS_E_IO, "this file system cannot keep a file from other users");
    if (!ts_fd_write(fd, pem, path, e)) return false;
    if (fsync(fd) != 0) return ts_fail_errno(e, TS_E_IO, errno, "cannot write the new key");
    return true;
}

/* So that the name, too, survives a loss of power. */
static void sync_folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    char dir[PATH_LIMIT];
    if (slash)
        snprintf(dir, sizeof dir, "%.*s", (int)(slash - path + 1), path);
    else
        snprintf(dir, sizeof dir, ".");
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    fsync(fd);
    close(fd);
}

static bool write_new_file(const char *path, ts_str pem, ts_error *e) {
    char temp[PATH_LIMIT + 32];
    struct stat st;
    if (strlen(path) >= PATH_LIMIT) return ts_fail(e, TS_E_IO, "the path is too long");
    if (lstat(path, &st) == 0) return exists_already(e);
    snprintf(temp, sizeof temp, "%s.tmp-%ld", path, (long)getpid());
    int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return ts_fail_errno(e, TS_E_IO, errno, "cannot create %s", temp);
    bool ok = write_private(fd, path, pem, e);
    if (close(fd) != 0 && ok) ok = ts_fail_errno(e, TS_E_IO, errno, "cannot write the new key");
    if (ok) ok = put_in_place(temp, path, e);
    if (!ok) unlink(temp);
    if (ok) sync_folder_of(path);
    return ok;
}

/* The text is made in memory that OpenSSL wipes when it gives it back. */
static bool write_pem(EVP_PKEY *pair, const char *path, ts_error *e) {
    BIO *text = BIO_new(BIO_s_secmem());
    char *p = 0;
    bool ok = text && PEM_write_bio_PKCS8PrivateKey(text, pair, 0, 0, 0, 0, 0) == 1;
    long n = ok ? BIO_get_mem_data(text, &p) : 0;
    ok = ok && n > 0 ? write_new_file(path, (ts_str){p, (size_t)n}, e) : key_library_failed(e);
    if (n > 0) OPENSSL_cleanse(p, (size_t)n);
    BIO_free(text);
    return ok;
}

ts_key *ts_key_generate(ts_arena *a, ts_key_kind kind, const char *path, ts_error *e) {
    ts_key *k = ts_new(a, ts_key);
    EVP_PKEY *pair = 0;
    if (kind == TS_KEY_ED25519)
        pair = EVP_PKEY_Q_keygen(0, 0, "ED25519");
    else if (kind == TS_KEY_P256 || kind == TS_KEY_P384)
        pair = EVP_EC_gen(ts_key_kind_name(kind));
    bool ok = pair ? key_from_pair(k, pair, e)
                   : ts_fail(e, TS_E_USAGE, "no key can be made of the kind that was asked for");
    if (ok && write_pem(pair, path, e)) return k;
    ERR_clear_error();
    ts_fail_at(e, path, 0, 0);
    ts_key_free(k);
    return 0;
}
