// OpenSSL as Swift sees it: the function macros and casting constants that the importer cannot see, and two walks over
// macro-generated stacks.
#pragma once
#include <openssl/bio.h>
#include <openssl/core_dispatch.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>

static inline long rollcall_ctx_set_versions(SSL_CTX *ctx, int least, int most) {
    return SSL_CTX_set_min_proto_version(ctx, least) && SSL_CTX_set_max_proto_version(ctx, most);
}
static inline long rollcall_ssl_set_versions(SSL *ssl, int least, int most) {
    return SSL_set_min_proto_version(ssl, least) && SSL_set_max_proto_version(ssl, most);
}
static inline long rollcall_ssl_set_max_send_fragment(SSL *ssl, long bytes) {
    return SSL_set_max_send_fragment(ssl, bytes);
}
static inline int rollcall_ctx_set_groups(SSL_CTX *ctx, const char *groups) {
    return (int)SSL_CTX_set1_groups_list(ctx, groups);
}
static inline void rollcall_ctx_harden(SSL_CTX *ctx) {
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET
                                 | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                              | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(ctx, 0);
}
static inline void rollcall_bio_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }
static inline void rollcall_bio_retry_read(BIO *bio) { BIO_set_retry_read(bio); }
static inline void rollcall_bio_retry_write(BIO *bio) { BIO_set_retry_write(bio); }
static inline long rollcall_set_server_name(SSL *ssl, const char *name) { return SSL_set_tlsext_host_name(ssl, name); }
static inline BIO *rollcall_memory_bio(const void *bytes, int count) { return BIO_new_mem_buf(bytes, count); }
static inline long rollcall_negotiated_group(SSL *ssl) { return SSL_get_negotiated_group(ssl); }

// Adds every certificate of a PEM text to the store; returns how many, or -1 when one is refused.
static inline int rollcall_store_add_pem(X509_STORE *store, BIO *pem) {
    int count = 0;
    X509 *certificate;
    while ((certificate = PEM_read_bio_X509(pem, NULL, NULL, NULL)) != NULL) {
        int added = X509_STORE_add_cert(store, certificate);
        X509_free(certificate);
        if (!added) return -1;
        count++;
    }
    ERR_clear_error();  // the end of the text is an error to PEM_read_bio
    return count;
}

// Copies the first URI in the subject alternative names that begins with the prefix; returns its length, or -1.
// The text may hold any byte: the caller checks.
static inline int rollcall_uri_with_prefix(X509 *certificate, const char *prefix, char *out, int room) {
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    int length = -1;
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names) && length < 0; i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type != GEN_URI) continue;
        int n = ASN1_STRING_length(name->d.uniformResourceIdentifier);
        const unsigned char *text = ASN1_STRING_get0_data(name->d.uniformResourceIdentifier);
        if (n > room || n < (int)strlen(prefix) || memcmp(text, prefix, strlen(prefix)) != 0) continue;
        memcpy(out, text, (size_t)n);
        length = n;
    }
    GENERAL_NAMES_free(names);
    return length;
}

// The certificate's DNS names and IP addresses, separated by spaces, for people; returns the length, cut to the room.
static inline int rollcall_host_names(X509 *certificate, char *out, int room) {
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    BIO *text = BIO_new(BIO_s_mem());
    for (int i = 0; names && text && i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type == GEN_DNS) {
            BIO_printf(text, " %.*s", ASN1_STRING_length(name->d.dNSName),
                       (const char *)ASN1_STRING_get0_data(name->d.dNSName));
        } else if (name->type == GEN_IPADD) {
            const unsigned char *b = ASN1_STRING_get0_data(name->d.iPAddress);
            if (ASN1_STRING_length(name->d.iPAddress) == 4) {
                BIO_printf(text, " %d.%d.%d.%d", b[0], b[1], b[2], b[3]);
            } else if (ASN1_STRING_length(name->d.iPAddress) == 16) {
                BIO_puts(text, " ");
                for (int k = 0; k < 16; k += 2) BIO_printf(text, k ? ":%x" : "%x", b[k] << 8 | b[k + 1]);
            }
        }
    }
    int length = text ? BIO_read(text, out, room) : 0;
    BIO_free(text);
    GENERAL_NAMES_free(names);
    return length < 0 ? 0 : length;
}

// Seconds from 1970 of an ASN.1 time; 0 if it cannot be read.
static inline long long rollcall_unix_time(const ASN1_TIME *time) {
    int days = 0, seconds = 0;
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    int ok = epoch && ASN1_TIME_diff(&days, &seconds, epoch, time);
    ASN1_TIME_free(epoch);
    return ok ? (long long)days * 86400 + seconds : 0;
}

static inline int rollcall_chain_count(const STACK_OF(X509) *chain) { return chain ? sk_X509_num(chain) : 0; }
static inline X509 *rollcall_chain_at(const STACK_OF(X509) *chain, int index) { return sk_X509_value(chain, index); }

// An AEAD's tag as a parameter: where it lies is filled in by the caller, record by record.
static inline OSSL_PARAM rollcall_tag_parameter(void) {
    return OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, NULL, 16);
}

// Declared here, because malloc.h is no module of Swift's.
extern size_t malloc_usable_size(void *block);
static inline size_t rollcall_usable_size(void *block) { return malloc_usable_size(block); }
// Resumption: sessions handed to clients as tickets.
static inline void rollcall_ctx_allow_tickets(SSL_CTX *ctx) { SSL_CTX_clear_options(ctx, SSL_OP_NO_TICKET); }
static inline void rollcall_ctx_keep_client_sessions(SSL_CTX *ctx) {
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
}
static inline int rollcall_ctx_ex_index(CRYPTO_EX_free *release) {
    return CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL_CTX, 0, NULL, NULL, NULL, release);
}
static inline int rollcall_ssl_ex_index(void) {
    return CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL, 0, NULL, NULL, NULL, NULL);
}
static inline long rollcall_ctx_set_ticket_keys(
    SSL_CTX *ctx, int (*keys)(SSL *, unsigned char *, unsigned char *, EVP_CIPHER_CTX *, EVP_MAC_CTX *, int)) {
    return SSL_CTX_set_tlsext_ticket_key_evp_cb(ctx, keys);
}
static inline int rollcall_ticket_mac(EVP_MAC_CTX *mac, const void *key, size_t count) {
    OSSL_PARAM parameters[3] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, (void *)key, count),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_CTX_set_params(mac, parameters);
}
// The serial number's magnitude, big-endian; returns its length, or -1 if it has more bytes than there is room.
static inline int rollcall_serial(X509 *certificate, unsigned char *out, int room) {
    const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate);
    int length = ASN1_STRING_length(serial);
    if (length > room) return -1;
    memcpy(out, ASN1_STRING_get0_data(serial), (size_t)length);
    return length;
}
