"""What hostile files try, one a line, and what has to come of it: never more than a wrong answer.

An attack that gets through prints PWNED, or the secret. `trying` runs code that has to fail;
other attacks say which outcome they have to end with. Numbers of system calls are those of
x86-64.
"""

# ruff: noqa: E501 - one attack a line

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from grader.sandbox.supervisor import Limits

LIMITS = Limits(cpu_seconds=1, wall_seconds=5, memory_mb=256)
WAITING = Limits(cpu_seconds=1, wall_seconds=0.3, memory_mb=256)
"""For what hangs; that processor time is limited too, a few of them show with LIMITS."""

PREAMBLE = """
import ctypes, os, signal, sys, time
import numpy as np
SUPERVISOR, ZYGOTE, PORT, HIDDEN, GRADER = {supervisor}, os.getppid(), {port}, {hidden!r}, {grader!r}
libc = ctypes.CDLL(None, use_errno=True)
def call(*arguments):
    result = libc.syscall(*[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    if result < 0:
        raise OSError(ctypes.get_errno(), "")
    return result
def f(x): return x * 2
"""


@dataclass(frozen=True)
class Attack:
    name: str
    code: str
    outcomes: str = "Returned"
    """What it may end with, one of these; "Killed signal SIGSEGV", say."""
    limits: Limits = LIMITS
    known: tuple[int, ...] = ()
    """Levels at which it is known to get through; SECURITY.md says so."""
    calls: int = 1


def trying(name: str, code: str, outcomes: str = "Returned", known: tuple[int, ...] = ()) -> Attack:
    body = f"try:\n{textwrap.indent(code, '    ')}\n    print('PWNED')\n"
    body += "except BaseException as error:\n    print(type(error))\n"
    return Attack(name, body, outcomes, known=known)


def in_call(
    name: str, body: str, outcomes: str, limits: Limits = LIMITS, head: str = "", calls: int = 1
) -> Attack:
    code = f"{head}\ndef f(x):\n{textwrap.indent(body, '    ')}\n"
    return Attack(name, code, outcomes, limits, calls=calls)


def forging(name: str, header: str, body: str = "b''", outcomes: str = "Killed protocol") -> Attack:
    """A frame for the call that is coming, sent while the file is loaded."""
    return Attack(
        name,
        "import struct\n"
        f"header, body = {header}, {body}\n"
        "message = struct.pack('<I', len(header)) + header + body\n"
        "os.write(4, b'GRD1' + struct.pack('<QQ', 0, len(message)) + message)\n",
        outcomes,
    )


CONTROL_FLOW = [
    Attack("os_exit_at_import", "os._exit(0)", "Killed exited 0"),
    Attack("sys_exit_at_import", "sys.exit(0)", "Raised SystemExit|Returned"),
    Attack("keyboard_interrupt", "raise KeyboardInterrupt", "Raised KeyboardInterrupt"),
    in_call("os_exit_in_call", "os._exit(0)", "Killed exited 0"),
    in_call("python_loop", "while True: pass", "TimedOut"),
    in_call("c_loop", "return sum(iter(int, 1))", "TimedOut", WAITING),
    in_call("regular_expression", "import re; re.match('(a*)*b', 'a' * 40)", "TimedOut", WAITING),
    in_call("catch_everything_loop", "while True:\n try:\n  while True: pass\n except BaseException: pass", "TimedOut", WAITING),
    in_call("ignore_signals_and_loop", "while True: pass", "TimedOut", head="for s in range(1, 65):\n try: signal.signal(s, signal.SIG_IGN)\n except Exception: pass"),
    in_call("patched_clock", "while True: pass", "TimedOut", WAITING, "time.time = time.monotonic = lambda: 0"),
    in_call("message_without_end", "raise X", "TimedOut", WAITING, "class X(Exception):\n def __str__(self):\n  while True: pass"),
    in_call("sleep", "time.sleep(1e6)", "TimedOut", WAITING),
    in_call("blocked_signals_and_sleep", "time.sleep(1e6)", "TimedOut", WAITING, "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))"),
    in_call("stop_oneself", "os.kill(os.getpid(), signal.SIGSTOP)", "TimedOut", WAITING),
    in_call("slow_drip", "while True:\n os.write(4, b'G' if 0 else b''); time.sleep(.05)", "TimedOut", WAITING),
    trying("raise_own_limit", "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1000, 1000))"),
    trying("drop_death_signal", "if libc.prctl(1, 0, 0, 0, 0) < 0: raise OSError"),
]  # fmt: skip

RESOURCES = [
    in_call("list_bomb", "l = []\nwhile True: l.append(bytearray(1 << 20))", "OutOfMemory"),
    in_call("numpy_bomb", "return np.ones(1 << 33)", "OutOfMemory"),
    in_call("huge_int", "return 1 << (1 << 33)", "OutOfMemory"),
    in_call("huge_str", "return 'x' * (1 << 40)", "OutOfMemory"),
    trying("shared_mmap_bomb", "import mmap; mmap.mmap(-1, 2 << 30)"),
    trying("memfd_bomb", "fd = os.memfd_create('x'); os.write(fd, b'x' * (1 << 20))"),
    trying("dev_shm_bomb", "open('/dev/shm/_attack', 'wb').write(b'x')"),
    trying("fill_tmp", "open('/tmp/_attack', 'wb').write(b'x')"),
    trying("fill_cwd", "open('x.bin', 'wb').write(b'x')"),
    trying("fork_bomb", "for _ in range(30):\n if os.fork() == 0: os._exit(0)"),
    trying("vfork_and_exec", "import subprocess; subprocess.run(['/bin/sh', '-c', 'echo PWNED'], check=True)"),
    trying("thread_bomb", "import threading\nfor _ in range(300): threading.Thread(target=time.sleep, args=(2,), daemon=True).start()"),
    trying("background_thread", "import threading; threading.Thread(target=print, args=('PWNED',)).start()"),
    trying("daemon", "if os.fork() == 0:\n os.setsid(); time.sleep(4); os._exit(0)"),
    trying("descriptors", "for _ in range(5000): os.pipe()"),
    in_call("flood", "while True: print('A' * 100_000)", "Killed output"),
    in_call("flood_in_one_write", "os.write(1, b'A' * (20 << 20)); return x", "Killed output"),
    in_call("recursion", "sys.setrecursionlimit(10**8)\ndef g(n): return g(n + 1)\ng(0)", "Raised RecursionError|OutOfMemory|Killed signal SIGSEGV|TimedOut"),
    in_call("segfault", "ctypes.string_at(0)", "Killed signal SIGSEGV"),
    in_call("abort", "libc.abort()", "Killed signal SIGABRT"),
    in_call("core_dump", "os.kill(os.getpid(), signal.SIGQUIT); time.sleep(9)", "Killed signal SIGQUIT"),
]  # fmt: skip

SECRETS = [
    trying("read_hidden_file", "print(open(HIDDEN).read())"),
    trying("read_passwords", "open('/etc/shadow').read()"),
    trying("list_root", "os.listdir('/')"),
    trying("list_home", "os.listdir(os.path.expanduser('~root'))"),
    trying("read_grader", "print(open(GRADER + '/model.py').read())"),
    trying("read_sandbox", "print(open(GRADER + '/sandbox/session.py').read())"),
    trying("list_grader", "os.listdir(GRADER)"),
    trying("import_grader", "sys.path.insert(0, os.path.dirname(GRADER)); import grader.model"),
    trying("environment_of_supervisor", "print(open(f'/proc/{SUPERVISOR}/environ', 'rb').read())"),
    trying("environment_of_zygote", "print(open(f'/proc/{ZYGOTE}/environ', 'rb').read())"),
    trying("command_line_of_supervisor", "print(open(f'/proc/{SUPERVISOR}/cmdline', 'rb').read())"),
    Attack("own_environment", "print(os.environ)"),
    trying("memory_of_zygote", "os.open(f'/proc/{ZYGOTE}/mem', os.O_RDONLY)"),
    trying("memory_of_supervisor", "os.open(f'/proc/{SUPERVISOR}/mem', os.O_RDONLY)"),
    trying("process_vm_readv", "import struct\nb = ctypes.create_string_buffer(8)\nv = ctypes.create_string_buffer(struct.pack('PN', ctypes.addressof(b), 8))\ncall(310, SUPERVISOR, v, 1, v, 1, 0)"),
    trying("ptrace_supervisor", "call(101, 16, SUPERVISOR, 0, 0)"),
    trying("ptrace_zygote", "call(101, 16, ZYGOTE, 0, 0)"),
    trying("pidfd_getfd", "p = call(434, SUPERVISOR, 0); call(438, p, 0, 0)"),
    Attack("inherited_descriptors", "for fd in range(5, 1024):\n try: os.fstat(fd); print('PWNED', fd)\n except OSError: pass"),
    Attack("search_of_memory", "import gc\nfor o in gc.get_objects():\n if type(o) is dict and any('s3cr3t'[:3] + '3t-' in repr(v)[:500] for v in list(o.values())[:50]): print('PWNED')"),
    Attack("search_of_frames", "frame = sys._getframe()\nwhile frame:\n print([*frame.f_locals])\n frame = frame.f_back"),
    trying("symlink", "os.symlink('/etc/shadow', '/tmp/_attack')"),
    trying("hard_link", "os.link('/etc/shadow', '/tmp/_attack')"),
]  # fmt: skip

OTHER_PROCESSES = [
    trying("kill_zygote", "os.kill(ZYGOTE, 9)"),
    trying("kill_supervisor", "os.kill(SUPERVISOR, 0)"),
    trying("kill_everybody", "os.kill(-1, 0)"),
    trying("kill_group", "os.killpg(os.getpgid(ZYGOTE), 0)"),
    trying("kill_own_group", "os.kill(0, 0)"),
    trying("tgkill", "call(234, SUPERVISOR, SUPERVISOR, 0)"),
    trying("sigqueue", "call(129, SUPERVISOR, 0, ctypes.create_string_buffer(128))"),
    trying("pidfd_send_signal", "call(424, call(434, ZYGOTE, 0), 0, 0, 0)"),
    trying("signal_by_file_owner", "import fcntl; fcntl.fcntl(1, fcntl.F_SETOWN, SUPERVISOR)"),
    trying("signal_by_ioctl_owner", "import fcntl, struct; fcntl.ioctl(1, 0x8901, struct.pack('i', SUPERVISOR))"),
    trying("limits_of_supervisor", "import resource; resource.prlimit(SUPERVISOR, resource.RLIMIT_CPU)"),
    trying("priority_of_supervisor", "os.setpriority(os.PRIO_PROCESS, SUPERVISOR, 5)"),
    trying("affinity_of_supervisor", "os.sched_setaffinity(SUPERVISOR, {0})"),
    trying("chmod", "os.chmod(HIDDEN, 0o644)"),
    trying("chown", "os.chown(HIDDEN, 0, 0)"),
    trying("utime", "os.utime(HIDDEN)"),
    trying("rename", "os.rename(HIDDEN, HIDDEN + '2')"),
    trying("unlink", "os.unlink(HIDDEN)"),
    trying("truncate", "os.truncate(HIDDEN, 0)"),
    trying("lock", "import fcntl; fcntl.flock(os.open(HIDDEN, os.O_RDONLY), 2)"),
    trying("lock_a_library", "import fcntl; fcntl.flock(os.open(os.__file__, os.O_RDONLY), 2)"),
    trying("shared_memory", "call(29, 0, 4096, 0o1600)"),
    trying("message_queue", "call(240, b'/x', 0o102, 0o600, None)"),
]  # fmt: skip

KERNEL = [
    trying("tcp", "import socket; socket.create_connection(('127.0.0.1', PORT), 1)"),
    trying("udp", "import socket; socket.socket(2, 2).sendto(b'x', ('127.0.0.1', 9))"),
    trying("unix_socket", "import socket; socket.socket(socket.AF_UNIX)"),
    trying("socket_pair", "import socket; socket.socketpair()"),
    trying("dns", "import socket; socket.getaddrinfo('localhost', 80)"),
    trying("netlink", "import socket; socket.socket(16, 3, 0)"),
    trying("vsock", "import socket; socket.socket(40, 1, 0)"),
    trying("io_uring", "call(425, 4, ctypes.create_string_buffer(120))"),
    trying("user_namespace", "call(272, 0x10000000)"),
    trying("mount", "call(165, b'none', b'/', 0, 0x44000, 0)"),
    trying("execve", "os.execv('/bin/true', ['true'])"),
    trying("bpf", "call(321, 5, ctypes.create_string_buffer(128), 128)"),
    trying("keyring", "call(250, 0, -3, 1)"),
    trying("perf_event_open", "b = ctypes.create_string_buffer(128); b[4] = 128; call(298, b, 0, -1, -1, 0)"),
    trying("userfaultfd", "call(323, 1)"),
    trying("x32_interface", "call(0x40000000 + 39)", "Killed signal SIGSYS"),
    Attack("i386_interface", "import mmap\nm = mmap.mmap(-1, 4096, prot=7)\nm.write(bytes([0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0xc3]))\nctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))()\nprint('PWNED')", "Killed signal SIGSYS|Killed signal SIGSEGV"),
    trying("terminal_input", "import fcntl\nfor c in 'id\\n': fcntl.ioctl(0, 0x5412, c.encode())"),
    trying("terminal", "open('/dev/tty', 'w')"),
    trying("pip", "import subprocess; subprocess.check_call([sys.executable, '-m', 'pip', 'install', 'x'])"),
]  # fmt: skip

FORGERIES = [
    Attack("garbage", "os.write(4, b'A' * 5000)", "Killed protocol"),
    Attack("huge_length", "import struct; os.write(4, b'GRD1' + struct.pack('<QQ', 0, 1 << 62))", "Killed protocol"),
    Attack("future_frame", "import struct; m = struct.pack('<I', 10) + b'[\"loaded\"]'; os.write(4, b'GRD1' + struct.pack('<QQ', 1, len(m)) + m)", "Killed protocol"),
    in_call("frame_of_another_call", "import struct; m = struct.pack('<I', 10) + b'[\"memory\"]'; os.write(4, b'GRD1' + struct.pack('<QQ', 7, len(m)) + m)", "Killed protocol"),
    in_call("two_frames", "import struct; m = struct.pack('<I', 26) + b'[\"returned\",[\"none\"],[\"none\"]]'[:26]; os.write(4, (b'GRD1' + struct.pack('<QQ', 1, len(m)) + m) * 2); time.sleep(9)", "Killed protocol"),
    in_call("loaded_again", "import struct; m = struct.pack('<I', 10) + b'[\"loaded\"]'; os.write(4, b'GRD1' + struct.pack('<QQ', 1, len(m)) + m)", "Killed protocol"),
    in_call("ready_again", "import struct; m = struct.pack('<I', 12) + b'[\"ready\",[]]'; os.write(4, b'GRD1' + struct.pack('<QQ', 1, len(m)) + m)", "Killed protocol"),
    Attack("loading_answered_with_data", "import struct; m = struct.pack('<I', 30) + b'[\"returned\",[\"none\"],[\"none\"]]'; os.write(4, b'GRD1' + struct.pack('<QQ', 0, len(m)) + m)", "Killed protocol"),
    forging("verdict", "b'[\"passed\", 100]'"),
    forging("json_depth_bomb", "b'[' * 60000"),
    forging("json_constant", "b'[\"returned\", NaN, Infinity]'"),
    forging("dimension_overflow", "b'[\"returned\",[\"array\",\"<f8\",[4294967296,4294967296]],[\"none\"]]'"),
    forging("object_dtype", "b'[\"returned\",[\"array\",\"|O\",[1]],[\"none\"]]'", "b'\\1' * 8"),
    forging("bad_bool", "b'[\"returned\",[\"array\",\"|b1\",[1]],[\"none\"]]'", "b'\\xff'"),
    Attack("result_descriptor_closed", "os.close(4)", "Killed exited 70"),
    Attack("result_descriptor_as_output", "os.dup2(4, 1); print('junk')", "Killed protocol"),
    Attack("request_descriptor_closed", "os.close(3)", "Killed"),
    Attack("at_exit", "import atexit; atexit.register(lambda: os.write(4, b'junk' * 100))"),
    in_call("destructor", "D(); return x", "Killed protocol", head="class D:\n def __del__(self): os.write(4, b'junk' * 100)"),
]  # fmt: skip

VALUES = [
    in_call("pickle", "return E()", "Returned Opaque", head="class E:\n def __reduce__(self): return (os.system, ('touch /tmp/_attack',))"),
    in_call("object_array", "return np.array([object(), {}], dtype=object)", "Returned"),
    in_call("infinite_sequence", "return I()", "Returned Opaque", head="class I:\n def __len__(self): return 1 << 60\n def __getitem__(self, i): return 1.0"),
    in_call("lazy_generator", "yield 1.0; raise SystemExit(0)", "Returned Opaque"),
    in_call("recursive_list", "l = []; l.append(l); return l", "Returned"),
    in_call("broadcast_view", "return np.broadcast_to(1.0, (1 << 37,))", "Returned Opaque"),
    in_call("large_array", "return np.zeros(8 << 20)", "Returned Opaque"),
    in_call("deep_exception_chain", "e = None\nfor i in range(5000):\n n = ValueError(i); n.__cause__ = e; e = n\nraise e", "Raised ValueError"),
    in_call("huge_message", "raise ValueError('A' * (50 << 20))", "Raised ValueError"),
    in_call("terminal_escapes_raised", "raise type('\\x1b[31mX<script>', (Exception,), {})('\\x1b]0;t\\x07\\u202e')", "Raised \\x1b[31mX<script>"),
    Attack("terminal_escapes_printed", "print('\\x1b[2J\\x1b]52;c;aGk=\\x07\\x9b31m\\u202eabc\\ud800')"),
    Attack("patched_numpy", "import json\nnp.asarray = lambda *a, **k: (_ for _ in ()).throw(SystemExit(0))\njson.dumps = lambda *a, **k: '{}'"),
    Attack("patched_builtins", "import builtins\nbuiltins.len = lambda x: 0\nbuiltins.isinstance = lambda *a: True\nbuiltins.print = None", "Returned|Raised|Killed|TimedOut"),
    Attack("trace_hooks", "sys.settrace(lambda *a: None); sys.setprofile(lambda *a: None)"),
    Attack("low_recursion_limit", "sys.setrecursionlimit(30)", "Returned|Raised|Killed"),
    Attack("broken_modules", "np.sin = None; sys.modules['json'] = None; sys.modules.clear()", "Returned|Raised|Killed"),
    Attack("deep_source", "(" * 10_000 + ")" * 10_000, "Raised|OutOfMemory|Killed signal SIGSEGV"),
    Attack("constant_folding", "x = ((1 << 60) ** 9999) ** 999", "Returned|OutOfMemory|TimedOut|Raised"),
    Attack("nul_in_source", "x = 1\0", "Raised"),
    Attack("surrogate_in_source", "x = '\ud800'", "Raised"),
]  # fmt: skip

NUMPY = [*CONTROL_FLOW, *RESOURCES, *SECRETS, *OTHER_PROCESSES, *KERNEL, *FORGERIES, *VALUES]
