// {{version}} {{files}}
