"""`python -m autograph` is the console command `autograph`."""

from autograph.cli.main import main

main(prog_name="autograph")
