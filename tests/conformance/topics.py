"""Which programs show that each line of the contract holds: of Python's constructs, with tensors deciding.

The keys are the lines; a program is accepted and gives what plain Python gives, or stands among the refused ones.
"""

TOPICS = {
    "for … else, while … else; while True with a tensor break; break and return of a tensor out of a Python for; "
    "a condition that becomes a tensor": """
        while_else for_else_found for_else_no_break nested_for_else while_else_return while_true_tensor_break
        while_true_return python_for_tensor_break python_for_tensor_return python_for_else_tensor_break
        python_condition_becomes_tensor condition_becomes_tensor_late
    """,
    "return under conditions in nested loops; early returns of other lengths; functions that fall off the end": """
        nested_loops_return return_from_three_loops different_lengths falls_off falls_off_in_loop falls_off_late
        return_in_both_loops return_in_elif_chain return_inside_try_finally list_returned_early_changes_later
    """,
    "ternaries; and, or, not with operands as values; chained comparisons; in, not in; truth of numbers; is None": """
        ternary nested_ternary operand_or and_value or_chain short_circuit_guards short_circuit_division chain odd_chain
        chain_of_calls in_tuple in_list_of_tensors not_in_list in_dict in_tensor numeric_truth while_float_truth
        is_none_of_optional
    """,
    "match: literals, or-patterns, captures, guards, sequences, mappings, classes; walrus": """
        match_number match_or_pattern match_guard match_tuple match_mapping match_class match_nested match_as_binding
        match_captures_after walrus_if walrus_while_pair walrus_short_circuit walrus_in_list
    """,
    "loops over tensors, ranges of tensors and negative steps, enumerate, zip, reversed, map, filter, items(); "
    "targets that unpack": """
        range_tensor range_down range_tensor_step enumerate_zip enumerate_start zip_of_three zip_strict_rows
        reversed_tensor reversed_range map_lambda map_two filter_and_map items_of_dict rows_of_matrix nested_ranges
        star_target nested_unpacking list_that_grows_under_its_loop reversed_stops_at_the_start
    """,
    "comprehensions of lists, dicts and sets; generator expressions": """
        squares comprehension_two_fors comprehension_of_comprehension comprehension_with_condition_call dict_of_tensors
        dict_over_rows set_over_elements set_of_tensors generator_sum generator_max lazy_any
    """,
    "list.append, pop, extend; items assigned by Python or tensor index; indexing by a tensor; len of a grown list": """
        append_all append_in_branches append_pairs pop_last pop_until_empty extend_in_loop extend_by_tensor
        set_by_python_index set_by_tensor_index index_list_by_tensor index_tuple_by_tensor chosen_key_of_dict
        len_of_grown insert_and_remove display_with_star star_among_others buckets_of_tensor_index matrix_of_lists
        grown_list_sorted_in_place grown_slices_assigned repeated_by_tensor rows_of_two_lengths groups_filled_in_place
    """,
    "state in namedtuples, dataclasses, dicts, nested structures, ag.Module, self.x, a[i].b['c']": """
        namedtuple_state namedtuple_replace attribute_state frozen_dataclass_replace dataclass_methods dict_state
        nested_dict dict_update deep_place module_attributes objects_swapped linked_objects key_added_in_loop
        key_on_one_path counted_words grouped_in_loop order_of_keys
    """,
    "nonlocal, global, closures and lambdas with loop variables, methods that mutate self in a loop": """
        nonlocal_counter nonlocal_in_while nonlocal_in_branch nonlocal_two_levels global_counter global_read
        lambda_reads_loop_variable lambda_reads_late late_binding loop_writes_captured methods_mutate_self
        counted_in_loop nested_factories counter_in_object counter_chosen global_of_a_helper closure_over_self
        counts_in_an_outer_function assigns_a_global
    """,
    "names of one branch, after a loop without trips, None first and a value later, del": """
        bound_in_one_branch bound_in_one_branch_read_later unbound_after_zero_trips target_after_zero_trips none_first
        best_so_far best_pair none_reset deleted_name deleted_in_loop bound_on_first_trip
        attributes_of_an_optional_object
    """,
    "numbers that change dtype; shapes that change between trips; rank that differs between branches": """
        number_changes_dtype int_then_float int_or_float_branch bool_then_int division_makes_float growing_vector
        shrinking_vector halving_vector size_differs_in_branches rank_differs_unused rank_differs loop_changes_rank
    """,
    "builtins over tensors; f-strings and format in print, raise and assert": """
        builtins_mix any_all sum_with_start extremes_with_key extremes_of_many sorted_items rounding divmod_and_pow
        numbers_of_tensors lengths isinstance_in_branch printed prints_old_formats repr_in_message
        optional_number_in_text
    """,
    "raise and assert at run time; try, except, finally; with": """
        raises asserts raises_with_own_init catches_with_own_init try_finally one_of_several_handlers caught_in_a_loop
        else_and_finally jumps_out_of_try nested_tries raises_again integers_by_zero an_index_out_of_range
        returns_from_inside generator_manager swallows_what_was_raised inside_a_staged_loop
        operands_do_not_fit attribute_of_none caught_when_taken builtins_of_wrong_things in_a_trip
    """,
    "recursion, also mutual, with the type of the base case": """
        factorial recursive_fibonacci is_even root_by_recursion ackermann tree_of_calls vector_grown_by_recursion
        structure_in_and_out recursive_method recursion_without_an_end
    """,
    "generators inlined into staged loops; other uses refused": """
        sum_of_countdown breaks_out_of_endless loop_with_else delegates generator_method goes_over_an_object
        in_a_staged_loop next_of_a_generator generator_advanced_in_a_loop sends_to_a_generator returns_a_generator
    """,
    "nested functions, defaults, *args, **kwargs, keyword-only arguments, partials, decorators, properties, __call__, "
    "dunders, classmethods, super(), local classes, private names, async": """
        arguments_of_all_kinds keyword_only_in_loop partials decorated default_from_outside default_argument_captures
        def_in_loop callable_object property_decides operators_decide membership_decides classmethod_decides
        local_class local_class_with_base super_in_loop private_names call_of_a_method_kept async_function
    """,
    "side effects on Python objects: state, or refused": """
        list_state alias_of_object object_with_list lists_keep_what_was_appended objects_keep_what_was_written
        closure_over_state_list list_passed_to_function dict_of_an_object named_row set_changed_in_a_branch
        deque_in_a_loop array_filled_in_a_branch iterator_in_a_branch heap_in_a_branch changes_a_global
        alias_on_one_path item_appended_twice_and_changed changed_while_it_is_an_item
    """,
    "clocks, host random numbers, input and files are refused": """
        reads_a_clock reads_the_date host_random numpy_random numpy_generator asks_the_user opens_a_file
        reads_the_environment
    """,
}
