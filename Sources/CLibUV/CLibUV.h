// libuv as Swift sees it. Everything Swift can call directly comes from uv.h; this header has no code of its own.
#pragma once
#include <uv.h>
