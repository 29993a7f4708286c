#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Gradescope runs this once, when it makes the machine that grades: Ubuntu
# 24.04, whose QEMU is new enough. Swift comes from swift.org; `make setup` brings the rest.
set -euo pipefail

apt-get update
apt-get install -y --no-install-recommends \
  ca-certificates curl git gnupg2 libc6-dev libcurl4-openssl-dev libgcc-13-dev \
  libstdc++-13-dev libxml2-dev make tzdata unzip zlib1g-dev

version=6.3.1
curl -fsSL "https://download.swift.org/swift-$version-release/ubuntu2404/swift-$version-RELEASE/swift-$version-RELEASE-ubuntu24.04.tar.gz" |
  tar -xz -C /opt
ln -s "/opt/swift-$version-RELEASE-ubuntu24.04/usr/bin/"* /usr/local/bin/

# The course, as the class uses it; its first build is done here, once.
git clone --depth 1 "$(cat /autograder/source/course-url)" /autograder/course
cd /autograder/course
make setup
make grade STRICT=1 OUT=/tmp/first || true
