"""What the figures were measured on."""
import os
import platform
import subprocess

from .place import CORES, descriptors


def first_line(*command):
    try:
        result = subprocess.run(command, capture_output=True, text=True)
        return (result.stdout or result.stderr).strip().splitlines()[0]
    except (OSError, IndexError):
        return ""


def field(path, name):
    with open(path) as file:
        for line in file:
            if line.startswith(name):
                return line.split(":", 1)[1].strip()
    return ""


def describe():
    memory = int(field("/proc/meminfo", "MemTotal").split()[0]) * 1024
    with open("/etc/os-release") as file:
        system = next((line.split("=", 1)[1].strip().strip('"') for line in file if line.startswith("PRETTY_NAME")), "")
    return {
        "processor": field("/proc/cpuinfo", "model name"),
        "cores": len(CORES),
        "memory_bytes": memory,
        "is_virtual": "hypervisor" in field("/proc/cpuinfo", "flags").split(),
        "system": system,
        "kernel": platform.release(),
        "openssl": " ".join(first_line("openssl", "version").split()[:2]),
        "libuv": first_line("pkg-config", "--modversion", "libuv"),
        "swift": first_line("swift", "--version").split("(")[0].replace("Swift version", "").strip(),
        "descriptors": descriptors(),
    }


def revision():
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    changed = subprocess.run(["git", "status", "--porcelain", "Sources", "Benchmarks", "Package.swift"],
                             capture_output=True, text=True).stdout.strip()
    return commit + (" and changes" if changed else "")
