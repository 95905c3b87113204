# 链上. `make run` starts it, `make test` tests it; everything else is below.

PORT ?= 8000
HOST ?= 127.0.0.1
WORKERS ?= 2
BIN := .venv/bin
HERE = LIANSHANG_ADDRESS=$${LIANSHANG_ADDRESS:-http://$(HOST):$(PORT)}
LOCKS := requirements/run.txt requirements/test.txt requirements/uv.txt pyproject.toml
ASSETS := package.json package-lock.json $(shell find lianshang/web/assets lianshang -path '*/tests' -prune -o \
	\( -path '*/web/assets/*' -o -name '*.html' \) -type f -print 2>/dev/null)

export UV_PYTHON_DOWNLOADS = never
.PHONY: help setup assets run test test-setup check bench wheel rigs lock format clean
.DEFAULT_GOAL := help

help:  ## 显示本说明
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/.run  ## 准备运行环境（.venv/bin/lianshang）

assets: build/assets  ## 生成页面的样式、脚本和图标

run: setup assets  ## 准备、建库、装入演示数据并启动（PORT=8000）
	@$(BIN)/lianshang migrate
	@$(HERE) $(BIN)/lianshang demo --if-empty
	@$(HERE) $(BIN)/lianshang serve --host $(HOST) --port $(PORT)

test: test-setup  ## 全部测试：先 SQLite，包括浏览器走查；再在 PostgreSQL 上做凡与数据库有关的
	@echo "== SQLite"
	LIANSHANG_TEST_DATABASE=sqlite $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)
	@echo "== PostgreSQL"
	LIANSHANG_TEST_DATABASE=postgres $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "database and not browser" $(ARGS)

test-setup: .venv/.test build/assets build/chromium.path

check: .venv/.test build/assets  ## 格式、规则、类型、迁移
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	LIANSHANG_HOME=build/check $(BIN)/lianshang django makemigrations --check --dry-run

bench: .venv/.test build/assets  ## 测量，约 20 分钟（ARGS=--quick 约 4 分钟）
	$(BIN)/python -m bench $(ARGS)

wheel: .venv/.test build/assets  ## 打包，并在干净的环境里试用安装包
	$(BIN)/python scripts/wheel.py

rigs: test-setup  ## 需要 root 或数小时的试验
	$(BIN)/python -m pytest tests/rigs -o testpaths=tests/rigs $(ARGS)

format: .venv/.test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: .venv/.test  ## 重新锁定依赖的版本和校验值
	sh scripts/lock.sh

clean:  ## 删除生成的文件（不含数据 var/）
	rm -rf build dist node_modules lianshang/web/static/built .mypy_cache .pytest_cache .ruff_cache .hypothesis .venv

.venv/.run: $(LOCKS) scripts/environment.sh
	sh scripts/environment.sh run

.venv/.test: $(LOCKS) scripts/environment.sh
	sh scripts/environment.sh test

build/assets: .venv/.run $(ASSETS)
	sh scripts/assets.sh
	@mkdir -p build && touch $@

build/chromium.path: .venv/.test scripts/chromium.sh
	@mkdir -p build
	sh scripts/chromium.sh > $@.new && mv $@.new $@
	@echo "浏览器：$$(cat $@)"
