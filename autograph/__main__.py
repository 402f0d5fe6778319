"""`python -m autograph` is the console command `autograph`."""

from autograph.cli.main import main

if __name__ == "__main__":
    main(prog_name="autograph")
