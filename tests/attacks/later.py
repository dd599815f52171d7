"""More attempts: thought of after the first list held, with arrays, and with torch at hand."""

# ruff: noqa: E501 - one attack a line

from __future__ import annotations

from .attempts import (
    LIMITS,
    OTHER_PROCESSES,
    SECRETS,
    WAITING,
    Attack,
    forging,
    in_call,
    trying,
)

LOOKING = [
    trying("existence_of_a_file", "os.stat(HIDDEN)", known=(2, 3)),
    trying("where_a_link_leads", "print(os.readlink(HIDDEN + '.link'))"),
    trying("bare_path_descriptor", "os.open(HIDDEN, os.O_PATH)"),
    trying("group_of_supervisor", "os.getpgid(SUPERVISOR)"),
    trying("session_of_supervisor", "os.getsid(SUPERVISOR)"),
    trying("priority_read", "os.getpriority(os.PRIO_PROCESS, SUPERVISOR)"),
    trying("scheduler_read", "os.sched_getscheduler(SUPERVISOR)"),
    trying("affinity_read", "os.sched_getaffinity(SUPERVISOR)"),
    trying("robust_list_of_supervisor", "call(274, SUPERVISOR, ctypes.create_string_buffer(8), ctypes.create_string_buffer(8))"),
    trying("lock_by_fcntl", "import fcntl; fcntl.lockf(os.open(os.__file__, os.O_RDONLY), fcntl.LOCK_SH)"),
    trying("list_processes", "os.listdir('/proc')"),
    trying("own_maps", "open('/proc/self/maps').read()"),
    trying("kernel_log", "call(103, 3, ctypes.create_string_buffer(100), 100)"),
    trying("watch_files", "call(294, 0)"),
    trying("fanotify", "call(300, 0, 0)"),
    trying("file_handle", "call(303, -100, b'/', ctypes.create_string_buffer(200), ctypes.create_string_buffer(8), 0)"),
    trying("openat2", "call(437, -100, HIDDEN.encode(), ctypes.create_string_buffer(24), 24)"),
    trying("extended_attributes", "os.getxattr(HIDDEN, 'user.x') if os.listxattr(HIDDEN) else None"),
    trying("disk_usage", "os.statvfs('/')"),
    trying("login_names", "import pwd; pwd.getpwall()[1]"),
    trying("numpy_load", "np.load(HIDDEN, allow_pickle=True)"),
    trying("numpy_memmap", "np.memmap(HIDDEN, mode='r')"),
    trying("numpy_fromfile", "print(np.fromfile(HIDDEN, 'u1').tobytes())"),
    trying("numpy_save", "np.save('/tmp/_attack', np.zeros(3))"),
    trying("numpy_datasource", "np.lib.npyio.DataSource('/tmp').open(HIDDEN)"),
    trying("library_from_a_file", "ctypes.CDLL(HIDDEN)"),
    Attack("open_by_chdir", "try:\n os.chdir(os.path.dirname(HIDDEN)); print(open('solution.py').read())\nexcept OSError: pass"),
]  # fmt: skip

REACHING = [
    trying("chroot", "os.chroot('/tmp')"),
    trying("pivot_root", "call(155, b'/', b'/')"),
    trying("setns", "call(308, 0, 0)"),
    trying("new_mount_api", "call(430, b'tmpfs', 0)"),
    trying("open_tree", "call(428, -100, b'/', 1)"),
    trying("setuid", "os.setuid(0); os.setgid(0); call(105, 0)"),
    trying("setgroups", "os.setgroups([0])"),
    trying("capset", "call(126, ctypes.create_string_buffer(b'\\x22\\x05\\x08\\x20' + bytes(4), 8), ctypes.create_string_buffer(b'\\xff' * 24, 24))"),
    trying("personality", "call(135, 0x0040000)"),
    trying("set_clock", "call(227, 0, ctypes.create_string_buffer(16))"),
    trying("set_host_name", "call(170, b'x', 1)"),
    trying("io_ports", "call(172, 3)"),
    trying("kernel_module", "call(313, 0, b'', 0)"),
    trying("reboot", "call(169, 0xfee1dead, 672274793, 0, 0)"),
    trying("swap", "call(167, b'/dev/zero', 0)"),
    trying("modify_ldt", "call(154, 0, ctypes.create_string_buffer(16), 16)"),
    trying("semaphores", "call(64, 0, 1, 0o1600)"),
    trying("message_queues", "call(68, 0, 0o1600)"),
    trying("shared_memory_posix", "from multiprocessing import shared_memory; shared_memory.SharedMemory(create=True, size=10)"),
    trying("secret_memory", "call(447, 0)"),
    trying("timer_with_thread_id", "call(222, 0, 0, ctypes.create_string_buffer(8))"),
    trying("timer_descriptor", "call(283, 1, 0)"),
    trying("signal_descriptor", "call(289, -1, ctypes.create_string_buffer(8), 8, 0)"),
    trying("splice", "call(275, 0, 0, 1, 0, 10, 0)"),
    trying("vmsplice", "call(278, 1, ctypes.create_string_buffer(16), 1, 0)"),
    trying("new_session", "os.setsid()"),
    trying("new_group", "os.setpgid(0, 0)"),
    trying("nice", "os.nice(5)"),
    trying("io_priority", "call(251, 1, 0, 0)"),
    trying("dumpable_again", "if libc.prctl(4, 1, 0, 0, 0) < 0: raise OSError"),
    trying("speculation_control", "if libc.prctl(53, 0, 2, 0, 0) < 0: raise OSError"),
    trying("own_filter", "if libc.prctl(22, 2, 0, 0, 0) < 0: raise OSError"),
    trying("own_landlock", "call(444, 0, 0, 1)"),
    trying("memory_of_others_advised", "call(440, SUPERVISOR, 0, 0, 0, 0)"),
    trying("pidfd_of_supervisor", "os.pidfd_open(SUPERVISOR)"),
    trying("file_descriptor_passing", "import socket; socket.fromfd(1, 1, 1).sendmsg([b'x'], [(1, 1, bytes(4))])"),
    trying("pipe_size", "import fcntl; fcntl.fcntl(os.pipe()[1], 1031, 1 << 20)"),
    trying("notify_on_a_folder", "import fcntl; fcntl.fcntl(os.open('/usr', os.O_RDONLY), 1026, 1)"),
    trying("async_with_a_signal", "import fcntl; fcntl.fcntl(1, 10, 9)"),
    trying("console_ioctl", "import fcntl; fcntl.ioctl(1, 0x541C, b'\\0')"),
    trying("thread_by_clone3", "b = ctypes.create_string_buffer(88); call(435, b, 88)"),
    trying("vfork", "call(58)"),
    trying("execveat", "call(322, -100, b'/bin/true', 0, 0, 0)"),
    trying("set_limits_by_old_call", "call(160, 7, ctypes.create_string_buffer(16))"),
    trying("zombie_children", "os.posix_spawn('/bin/true', ['true'], {})"),
]  # fmt: skip

_HEADER = "import struct\ndef send(header, body=b'', number=1):\n m = struct.pack('<I', len(header)) + header + body\n os.write(4, b'GRD1' + struct.pack('<QQ', number, len(m)) + m)\n"

ANSWERS = [
    forging("negative_dimension", "b'[\"returned\",[\"array\",\"<f8\",[-1]],[\"none\"]]'"),
    forging("fractional_dimension", "b'[\"returned\",[\"array\",\"<f8\",[1.0]],[\"none\"]]'", "b'\\0' * 8"),
    forging("nan_count", "b'[\"returned\",[\"numbers\",\"<f8\",NaN,\"list\"],[\"none\"]]'"),
    forging("true_count", "b'[\"returned\",[\"numbers\",\"<f8\",true,\"list\"],[\"none\"]]'", "b'\\0' * 8"),
    forging("count_of_4300_digits", "b'[\"returned\",[\"numbers\",\"<f8\",' + b'9' * 5000 + b',\"list\"],[\"none\"]]'"),
    forging("pickle_in_place_of_json", "b'\\x80\\x04cos\\nsystem\\n(Vtouch /tmp/_attack\\ntR.'"),
    forging("trailing_bytes", "b'[\"memory\"]'", "b'x'"),
    forging("two_values", "b'[\"returned\",[\"none\"],[\"none\"],[\"none\"]]'"),
    forging("unknown_dtype_string", "b'[\"returned\",[\"array\",\"f8,O\",[1]],[\"none\"]]'", "b'\\0' * 16"),
    forging("date_dtype", "b'[\"returned\",[\"array\",\"<M8[s]\",[1]],[\"none\"]]'", "b'\\0' * 8"),
    forging("deep_tree", "b'[\"returned\",' + b'[\"list\",[' * 300 + b']]' * 300 + b',[\"none\"]]'"),
    forging("duplicate_keys", "b'[\"returned\",[\"dict\",[[\"a\",[\"none\"]],[\"a\",[\"none\"]]]],[\"none\"]]'"),
    forging("layout_from_the_worker", "b'[\"returned\",[\"array\",\"<f8\",[1],[[0],[],[0]]],[\"none\"]]'", "b'\\0' * 8"),
    forging("invalid_utf8", "b'[\"returned\",[\"text\",\"\\xff\\xfe\"],[\"none\"]]'"),
    forging("empty_header", "b''"),
    in_call("many_nodes", "send(b'[\"returned\",[\"list\",[' + b','.join([b'[\"none\"]'] * 90000) + b']],[\"none\"]]'); time.sleep(9)", "Killed protocol", head=_HEADER),
    in_call("forged_value_is_only_a_value", "send(b'[\"returned\",[\"text\",\"passed 100\"],[\"none\"]]'); os._exit(0)", "Returned", head=_HEADER),
    in_call("forged_escapes", "send(b'[\"raised\",\"\\\\u001b[31mX\",\"\\\\u202e\\\\ud800\",\"\\\\u001b]0;x\\\\u0007\",1,1,null]'); os._exit(0)", "Raised", head=_HEADER),
    in_call("forged_names", "send(b'[\"missing\",\"\\\\u202ef\",[\"\\\\u001b[2J\"]]'); os._exit(0)", "Missing", head=_HEADER),
    in_call("frames_without_end", "while True: send(b'[\"memory\"]', number=1)", "Killed protocol|OutOfMemory", head=_HEADER),
    in_call("frame_without_end", "os.write(4, b'GRD1' + struct.pack('<QQ', 1, 1 << 24))\nwhile True: os.write(4, b'x' * 60000)", "Killed", head=_HEADER),
    in_call("half_a_frame", "os.write(4, b'GRD1' + struct.pack('<QQ', 1, 100) + b'x'); time.sleep(9)", "TimedOut", WAITING, _HEADER),
    in_call("late_answer", "time.sleep(9); send(b'[\"memory\"]')", "TimedOut", WAITING, _HEADER),
    in_call("large_answers_to_every_call", "return np.zeros((1 << 20) - 2000), np.zeros(1 << 19)", "Returned|Killed output", head="", calls=60),
    in_call("escapes_in_keys", "return {'\\x1b[31m\\u202e': 1.0}", "Returned"),
    in_call("escapes_in_type_names", "return type('\\x1b[31m\\u202e', (), {})()", "Returned Opaque"),
    in_call("dtype_of_one's_own", "return np.zeros(2, dtype=[('\\x1b[31m', 'f8')])", "Returned Opaque"),
    in_call("array_that_lies", "return np.zeros(3).view(L)", "Returned", head="class L(np.ndarray):\n def __array__(self, *a, **k): raise SystemExit\n def tobytes(self, *a): return b''\n shape = property(lambda self: (9,))"),
    in_call("class_that_lies", "return L()", "Returned Opaque|Killed|Raised", head="class L:\n __class__ = property(lambda self: float)\n def __float__(self): os._exit(0)"),
    in_call("exits_while_answering", "raise X()", "Killed exited 0|Raised", head="class X(Exception):\n def __str__(self): os._exit(0)"),
    in_call("standard_error_flood", "while True: os.write(2, b'x' * 60000)", "Killed output"),
    in_call("stack_of_warnings", "import warnings\nwhile True: warnings.warn('x' * 100)", "TimedOut", WAITING),
]  # fmt: skip

AFTERWARDS = [
    # A column that far makes a caret of a gigabyte, where the report points at the place.
    in_call("caret_far_away", "send(b'[\"raised\",\"SyntaxError\",\"x\",\"exercise_1.py\",1,1,999999999]'); os._exit(0)", "Raised SyntaxError", head=_HEADER),
    # Answers that cost the supervisor a hundred times what they cost the worker.
    in_call("answers_that_take_long_to_read", "send(b'[\"returned\",[\"list\",[' + b','.join([b'[\"text\",\"' + b'\\xe2\\x80\\xae' * 3000 + b'\"]'] * 110) + b']],[\"none\"]]', number=n.pop()); return time.sleep(9)", "Killed|TimedOut|Returned", WAITING, _HEADER + "n = [*range(60)][::-1]; n.pop()", calls=40),
    # What lies on the stack above the environment: arguments, names, whatever was passed to exec.
    Attack("scan_of_the_stack", "r, w = os.pipe(); p = ctypes.c_void_p.in_dll(libc, 'environ').value or 0\nseen = b''\nfor page in range((p >> 12) - 40, (p >> 12) + 40):\n if libc.write(w, ctypes.c_void_p(page << 12), 4096) > 0: seen += os.read(r, 4096)\nprint(len(seen) and ('PWNED' if b's3cr3t' in seen or b'SECRET' + b'_TOKEN' in seen else 'nothing'))"),
    trying("write_somewhere", "for place in ('/', '/tmp', '/dev', '/dev/shm', '/proc', os.path.dirname(os.__file__), os.path.dirname(np.__file__), os.path.dirname(os.path.dirname(np.__file__))):\n try: os.close(os.open(place + '/_attack', os.O_CREAT | os.O_WRONLY))\n except OSError: continue\n break\nelse: raise OSError"),
    trying("evict_the_page_cache", "fd = os.open(os.__file__, os.O_RDONLY); os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)"),
    trying("bytecode_for_others", "import py_compile; py_compile.compile(os.__file__, cfile=os.path.dirname(os.__file__) + '/__pycache__/_attack.pyc', doraise=True)"),
]  # fmt: skip
"""Invented when all of the above held; the first got through, and so did the fifth."""

NUMPY_LATER = [*LOOKING, *REACHING, *ANSWERS, *AFTERWARDS]

_TORCH = "import torch\n"
TORCH_ONLY = [
    trying("torch_load", _TORCH + "torch.load(HIDDEN, weights_only=False)"),
    trying("torch_save", _TORCH + "torch.save(torch.zeros(3), '/tmp/_attack')"),
    trying("torch_from_file", _TORCH + "torch.from_file(HIDDEN, size=4, dtype=torch.uint8)"),
    trying("torch_shared_file", _TORCH + "torch.from_file('/dev/shm/_attack', shared=True, size=4)"),
    trying("torch_share_memory", _TORCH + "torch.zeros(3).share_memory_()"),
    trying("torch_hub", _TORCH + "torch.hub.load_state_dict_from_url('http://127.0.0.1:%d/x' % PORT)"),
    trying("torch_load_library", _TORCH + "torch.ops.load_library(HIDDEN)"),
    trying("torch_jit_load", _TORCH + "torch.jit.load(HIDDEN)"),
    trying("torch_jit_save", _TORCH + "torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), '/tmp/_attack')"),
    trying("torch_loader_workers", _TORCH + "list(torch.utils.data.DataLoader(range(4), num_workers=2))"),
    trying("torch_spawn", _TORCH + "import torch.multiprocessing as m; m.spawn(print, nprocs=2)"),
    trying("torch_store", _TORCH + "torch.distributed.TCPStore('127.0.0.1', 0, 1, True)"),
    in_call("torch_store_of_others", "torch.distributed.TCPStore('127.0.0.1', PORT, 2, False)\nprint('PWNED')", "TimedOut|Raised", WAITING, _TORCH),
    trying("torch_cpp_extension", _TORCH + "import torch.utils.cpp_extension as c; c.load_inline('x', 'int f() { return 1; }', functions='f')"),
    trying("torch_compile", _TORCH + "torch.compile(lambda x: x + 1)(torch.zeros(3))"),
    trying("torch_profiler", _TORCH + "p = torch.profiler.profile(); p.start(); p.stop(); p.export_chrome_trace('/tmp/_attack')"),
    trying("sympy_by_statement", "import sympy; sympy.symbols('x')"),
    in_call("torch_memory", "return torch.ones(1 << 34)", "OutOfMemory|Raised RuntimeError", head=_TORCH),
    in_call("torch_huge_empty", "t = torch.empty(1 << 40); t.fill_(1)", "OutOfMemory|Raised RuntimeError", head=_TORCH),
    in_call("torch_c_loop", "torch.ones(3000, 3000).matrix_power(10**9)", "TimedOut", WAITING, _TORCH),
    in_call("torch_tensor", "return torch.zeros(3)", "Returned Opaque", head=_TORCH),
    in_call("torch_lying_tensor", "return torch.zeros(3).as_subclass(L)", "Returned Opaque|Killed", head=_TORCH + "class L(torch.Tensor):\n @classmethod\n def __torch_function__(c, *a, **k): os._exit(0)"),
    in_call("torch_hook_exits", "t = torch.ones(1, requires_grad=True); t.register_hook(lambda g: os._exit(0)); (t * 2).backward()", "Killed exited 0", head=_TORCH),
    in_call("torch_threads", "torch.set_num_threads(4); return float(torch.ones(2000, 2000).sum())", "Returned|Killed|Raised|TimedOut", head=_TORCH),
    in_call("torch_out_of_bounds", "return torch.as_strided(torch.zeros(1), (1 << 20,), (1 << 20,)).sum()", "Raised|Killed|Returned Opaque", head=_TORCH),
    in_call("torch_wild_pointer", "ctypes.memset(torch.zeros(1).data_ptr() + (1 << 40), 0, 8)", "Killed signal SIGSEGV", head=_TORCH),
]  # fmt: skip

TORCH = [*TORCH_ONLY, *SECRETS, *OTHER_PROCESSES]
"""What torch adds is files, threads and libraries; the system calls are those of numpy."""

__all__ = ["LIMITS", "NUMPY_LATER", "TORCH"]
